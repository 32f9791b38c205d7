using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>A layer among the files of an archive or folder.</summary>
/// <param name="name">For messages.</param>
/// <param name="digest">What the archive as it is must hash to, where somebody said it.</param>
/// <param name="length">How long it must be, where somebody said it.</param>
internal sealed class ArchivedLayer(string name, Digest? digest, long? length, Func<Stream> open) : LayerSource(name)
{
    private Descriptor? _blob;

    internal override Digest Digest => Blob.Digest;

    private Descriptor Blob => _blob ?? throw new InvalidOperationException("the layer was not opened");

    internal override Stream Open(ContentStaging content, CancellationToken stop)
    {
        using var archived = open();
        var blob = content.Put(archived, digest, length ?? archived.Length, stop);
        var stored = content.Open(blob.Digest);
        _blob = new() { MediaType = LayerCompression.MediaTypeOf(stored), Digest = blob.Digest, Size = blob.Size };
        stored.Position = 0;
        return stored;
    }

    internal override Descriptor Finish(ContentStaging content) => Blob;
}
