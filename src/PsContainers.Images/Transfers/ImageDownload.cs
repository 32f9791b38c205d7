using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Registry;
using PsContainers.Oci;

namespace PsContainers.Images.Transfers;

/// <summary>Brings an image from a registry into the stores: several layers at once, each unpacked while it comes.</summary>
/// <param name="source">Hands out the blobs that the manifest names.</param>
public sealed class ImageDownload(
    BlobSource source, ContentStore content, LayerStore layers, DownloadFolder folder, IProgress<TransferProgress>? progress = null)
{
    /// <summary>As many as browsers and other engines open to one host.</summary>
    private const int AtOnce = 6;

    /// <summary>Fetches and unpacks what is not there yet; nothing of it is in the stores before the staged image is committed.</summary>
    /// <param name="manifest">The image's manifest as the registry has it, checked against <paramref name="digest"/>.</param>
    /// <exception cref="ImageFormatException">It is no container image, or one of its parts is not what its digest says.</exception>
    public StagedImport Stage(byte[] manifest, Digest digest, LayerLimits limits, CancellationToken stop)
    {
        var staging = new ImageStaging(content, layers, limits, stop);
        return StagedImport.Of(staging, () => [Fetch(staging, manifest, digest, stop)]);
    }

    private ImportedImage Fetch(ImageStaging staging, byte[] bytes, Digest digest, CancellationToken stop)
    {
        var manifest = Documents.Read(bytes, "the manifest", ImageDocument.ReadManifest);
        ContainerImageManifest.Check(manifest);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var slots = new SemaphoreSlim(AtOnce);
        var downloads = manifest.Layers.DistinctBy(layer => layer.Digest).ToDictionary(
            layer => layer.Digest,
            layer => new BlobDownload(layer, source, content, folder, progress));
        try
        {
            // Before the layers: what is wrong with it is known before much has come.
            var config = ReadConfig(manifest.Config, running.Token);
            foreach (var layer in manifest.Layers.Select(layer => downloads[layer.Digest]).Distinct())
            {
                layer.Start(slots, running.Token);
            }

            var sources = manifest.Layers.Select(layer => new DownloadedLayer(downloads[layer.Digest], progress)).ToList();
            var image = staging.AddImage(config, manifest.Config.Digest, sources);
            staging.Content.Put(bytes, digest);
            return image.Named(digest, []);
        }
        finally
        {
            running.Cancel();
            foreach (var download in downloads.Values)
            {
                download.Dispose();
            }
        }
    }

    private byte[] ReadConfig(Descriptor config, CancellationToken stop)
    {
        if (content.TryRead(config.Digest) is { } present)
        {
            return present;
        }

        return Task.Run(() => RemoteConfig.ReadAsync(source, config, stop), stop).GetAwaiter().GetResult();
    }
}
