using System.IO.Compression;
using PsContainers.Images.Content;
using PsContainers.Oci;
using ZstdSharp;

namespace PsContainers.Images.Transfers;

/// <summary>Compresses the layers of an image that are not compressed, into blobs of a staging.</summary>
/// <remarks>The same layer always becomes the same blob, so that a registry that has it is asked for nothing.</remarks>
internal sealed class LayerPacking(ContentStaging staging, LayerCompressionMethod method, IProgress<TransferProgress>? progress)
{
    private const int ChunkLength = 256 * 1024;

    /// <summary>What registries and engines use: beyond it time grows faster than size shrinks.</summary>
    private const int ZstdLevel = 3;

    private const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    internal static bool IsPlain(Descriptor layer) => layer.MediaType is MediaTypes.Layer or DockerLayer;

    /// <summary>The layer as a compressed blob.</summary>
    internal Descriptor Pack(Descriptor layer, CancellationToken stop)
    {
        // Docker's media types have no word for zstd.
        var isZstd = method == LayerCompressionMethod.Zstd && layer.MediaType == MediaTypes.Layer;
        using var plain = staging.Open(layer.Digest);
        using var blob = staging.Begin();
        using (var packed = isZstd ? (Stream)new CompressionStream(blob, ZstdLevel) : Gzip(blob))
        {
            Copy(plain, packed, layer, stop);
        }

        var stored = blob.Finish();
        return layer with
        {
            MediaType = layer.MediaType == DockerLayer ? MediaTypes.DockerLayerGzip : isZstd ? MediaTypes.LayerZstd : MediaTypes.LayerGzip,
            Digest = stored.Digest,
            Size = stored.Size,
        };
    }

    private static GZipStream Gzip(Stream blob) => new(blob, CompressionLevel.Optimal, leaveOpen: true);

    private void Copy(Stream plain, Stream packed, Descriptor layer, CancellationToken stop)
    {
        var buffer = new byte[ChunkLength];
        long done = 0;
        for (int read; (read = plain.Read(buffer)) > 0;)
        {
            stop.ThrowIfCancellationRequested();
            packed.Write(buffer.AsSpan(0, read));
            done += read;
            progress?.Report(new(layer.Digest.ToString(), TransferPhase.Compressing, done, layer.Size));
        }
    }
}
