using System.IO.Compression;
using System.Security.Cryptography;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Makes an image of another one: its layers, one more on top, and a configuration of its own.</summary>
public static class ChangedImage
{
    private const int BufferLength = 1024 * 1024;

    // Files of this machine, not of a stranger: a gigabyte of zeros is no bomb here.
    private static readonly LayerLimits _limits = new() { MaximumBytes = long.MaxValue, MaximumRatio = double.MaxValue };

    /// <param name="name">What messages call it.</param>
    /// <param name="chains">The layers of the other image, unpacked, the lowest first.</param>
    /// <param name="writeLayer">Writes the archive of the new layer, uncompressed; null for an image that has none.</param>
    /// <param name="configure">Makes the configuration of the other image's, and of the new layer's digest.</param>
    public static StagedImport Stage(
        string name,
        Digest manifest,
        IReadOnlyList<Digest> chains,
        Action<Stream>? writeLayer,
        Func<byte[], Digest?, byte[]> configure,
        ContentStore content,
        LayerStore layers,
        CancellationToken stop)
    {
        var staging = new ImageStaging(content, layers, _limits, stop);
        return StagedImport.Of(name, staging, () => [Make(manifest, chains, writeLayer, configure, staging, content, layers)]);
    }

    private static ImportedImage Make(
        Digest manifestDigest,
        IReadOnlyList<Digest> chains,
        Action<Stream>? writeLayer,
        Func<byte[], Digest?, byte[]> configure,
        ImageStaging staging,
        ContentStore content,
        LayerStore layers)
    {
        var stored = new StoredBlobs(content, staging.Stop);
        var manifest = stored.ReadManifest(manifestDigest);
        var archives = manifest.Layers
            .Select(layer => new Descriptor { MediaType = stored.MediaTypeOf(layer.Digest), Digest = layer.Digest, Size = layer.Size })
            .ToList();
        var unpacked = chains
            .Select(chain => layers.TryGet(chain) ?? throw new ImageFormatException($"layer {chain} of the image is not in the store"))
            .ToList();
        if (writeLayer is not null)
        {
            var (archive, layer) = AddLayer(writeLayer, chains.Count > 0 ? chains[^1] : null, staging);
            archives.Add(archive);
            unpacked.Add(layer);
        }

        var config = configure(stored.Read(manifest.Config.Digest), writeLayer is null ? null : unpacked[^1].DiffId);
        var image = new StagedImage(
            staging.Content.Put(config), Documents.Read(config, "the configuration", ImageDocument.ReadConfig), archives, unpacked);
        return image.Named(staging.PutManifest(image).Digest, []);
    }

    private static (Descriptor Blob, UnpackedLayer Layer) AddLayer(Action<Stream> writeLayer, Digest? parentChain, ImageStaging staging)
    {
        using var blob = staging.Content.Begin();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // The fastest level: an image is made to be run more often than to be sent, and most of what compresses does so here.
        using var output = new BufferedStream(blob, BufferLength);
        using (var compressed = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        using (var buffered = new BufferedStream(new HashedStream(compressed, hash), BufferLength))
        {
            writeLayer(buffered);
        }

        output.Flush();
        var diffId = Digest.FromHash(hash.GetCurrentHash());
        var stored = blob.Finish();
        var source = new ArchivedLayer("of changes", stored.Digest, stored.Size, () => staging.Content.Open(stored.Digest));
        return staging.AddLayer(source, parentChain, diffId);
    }
}
