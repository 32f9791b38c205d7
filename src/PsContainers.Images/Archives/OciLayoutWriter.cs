using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Writes an OCI layout.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md</remarks>
internal sealed class OciLayoutWriter(IExportTarget target, StoredBlobs blobs)
{
    private readonly HashSet<Digest> _written = [];

    internal void Write(IReadOnlyList<ExportedImage> images)
    {
        Add(OciLayout.Marker, """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray());
        var index = new ImageIndex
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Index,
            Manifests = [.. images.SelectMany(AddImage)],
        };
        Add(OciLayout.Index, ImageDocument.Write(index));
    }

    private IEnumerable<Descriptor> AddImage(ExportedImage image)
    {
        var manifest = blobs.ReadManifest(image.Manifest);
        foreach (var blob in manifest.Layers.Prepend(manifest.Config))
        {
            AddBlob(blob.Digest, blob.Size, stream => blobs.Copy(blob, stream));
        }

        // An OCI layout holds OCI documents; what Docker's manifest says is said in their words. The blobs are the same.
        var isDocker = manifest.MediaType == MediaTypes.DockerManifest;
        var bytes = isDocker ? ImageDocument.Write(Translated(manifest)) : blobs.Read(image.Manifest);
        var digest = isDocker ? Digest.Of(bytes) : image.Manifest;
        var descriptor = new Descriptor { MediaType = MediaTypes.Manifest, Digest = digest, Size = bytes.Length };
        AddBlob(descriptor.Digest, bytes.Length, stream => stream.Write(bytes));
        return image.Names.Count == 0
            ? [descriptor]
            : image.Names.Select(name => descriptor with { Annotations = ImageNames.Annotations(name) });
    }

    private ImageManifest Translated(ImageManifest manifest) => manifest with
    {
        MediaType = MediaTypes.Manifest,
        Config = manifest.Config with { MediaType = MediaTypes.Config },
        Layers = [.. manifest.Layers.Select(layer => layer with { MediaType = blobs.MediaTypeOf(layer.Digest), Urls = null })],
    };

    private void AddBlob(Digest digest, long size, Action<Stream> write)
    {
        if (_written.Add(digest))
        {
            target.Add(OciLayout.PathOf(digest), size, write);
        }
    }

    private void Add(string path, byte[] content) => target.Add(path, content.Length, stream => stream.Write(content));
}
