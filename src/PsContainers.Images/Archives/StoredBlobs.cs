using System.Globalization;
using System.Text.Json;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>Blobs of the store on their way out, each compared with its digest.</summary>
internal sealed class StoredBlobs(ContentStore content, CancellationToken stop)
{
    // What the store took in once may be as large as it is.
    private static readonly LayerLimits _limits = new() { MaximumBytes = long.MaxValue, MaximumRatio = double.MaxValue };

    private readonly byte[] _buffer = new byte[256 * 1024];

    internal byte[] Read(Digest digest) => content.TryRead(digest) ?? throw new ImageFormatException($"{digest} is not in the store");

    internal ImageManifest ReadManifest(Digest digest)
    {
        try
        {
            return ImageDocument.ReadManifest(Read(digest));
        }
        catch (JsonException e)
        {
            throw new ImageFormatException($"the manifest {digest} is not valid: {e.Message}");
        }
    }

    internal ImageConfig ReadConfig(Digest digest) => Documents.Read(Read(digest), $"the configuration {digest}", ImageDocument.ReadConfig);

    /// <summary>The media type that the layer's first bytes say.</summary>
    internal string MediaTypeOf(Digest digest)
    {
        using var blob = content.Open(digest);
        return LayerCompression.MediaTypeOf(blob);
    }

    internal void Copy(Descriptor blob, Stream target)
    {
        using var source = content.Open(blob.Digest);
        if (source.Length != blob.Size)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"{blob.Digest} in the store is damaged: it has {source.Length} bytes instead of {blob.Size}"));
        }

        using var hash = blob.Digest.CreateHash();
        for (int read; (read = source.Read(_buffer)) > 0;)
        {
            stop.ThrowIfCancellationRequested();
            hash.AppendData(_buffer, 0, read);
            target.Write(_buffer, 0, read);
        }

        Compare(blob.Digest, Digest.FromHash(hash.GetCurrentHash()), blob.Digest);
    }

    internal void CopyUncompressed(Descriptor layer, Digest diffId, Stream target)
    {
        using var source = content.Open(layer.Digest);
        using var feed = new ArchiveFeed(source, diffId.CreateHash(), _limits, stop);
        try
        {
            for (int read; (read = feed.Read(_buffer)) > 0;)
            {
                target.Write(_buffer, 0, read);
            }
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"{layer.Digest} in the store is damaged: {e.Message}");
        }

        Compare(diffId, Digest.FromHash(feed.Finish()), layer.Digest);
    }

    private static void Compare(Digest expected, Digest actual, Digest blob)
    {
        if (actual != expected)
        {
            throw new ImageFormatException($"{blob} in the store is damaged");
        }
    }
}
