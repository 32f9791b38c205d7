using System.Data.Common;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Registry;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Brings an image from a registry into the store; one that is there and up to date is left as it is.</summary>
public sealed class ReceiveImage
{
    private readonly EnginePaths _paths;
    private readonly ImageTable _images;
    private readonly ImageCollection _collection;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;

    internal ReceiveImage(EnginePaths paths, ImageTable images, ImageCollection collection, ContentStore content, LayerStore layers)
    {
        _paths = paths;
        _images = images;
        _collection = collection;
        _content = content;
        _layers = layers;
    }

    /// <param name="progress">Is told from several threads how far each part has come.</param>
    /// <exception cref="ContainerEngineException">
    /// ImageNameInvalid, ImageInvalid, ImageImportFailed, or one of <see cref="RegistryErrors"/>.
    /// </exception>
    public ContainerImage Execute(
        ImageReception reception, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        var platform = reception.Platform is { } text ? PlatformText.Parse(text) : Platform.Current;
        return RegistryReach.Run(reception.Name, () =>
        {
            var settings = RegistryReach.Settings(reception.Access);
            var candidates = RegistryReach.Candidates(reception.Name, settings);
            _collection.CollectAbandoned();
            try
            {
                return Receive(candidates, settings, platform, progress, cancellation);
            }
            finally
            {
                _collection.CollectAbandoned();
            }
        });
    }

    private ContainerImage Receive(
        IReadOnlyList<ImageReference> candidates,
        RegistrySettings settings,
        Platform platform,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation)
    {
        // As for an import: nobody collects what has no row yet.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        foreach (var candidate in candidates.SkipLast(1))
        {
            if (TryReceive(candidate, settings, platform, progress, cancellation) is { } image)
            {
                return image;
            }
        }

        return Receive(candidates[^1], settings, platform, progress, cancellation);
    }

    // A short name that one registry does not know, or does not show us, may be another one's.
    private ContainerImage? TryReceive(
        ImageReference image,
        RegistrySettings settings,
        Platform platform,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation)
    {
        try
        {
            return Receive(image, settings, platform, progress, cancellation);
        }
        catch (RegistryException e) when (e.IsNotFound || e.IsDenied)
        {
            return null;
        }
    }

    private ContainerImage Receive(
        ImageReference image,
        RegistrySettings settings,
        Platform platform,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation)
    {
        using var registry = new RegistryClient(image, settings);
        try
        {
            var name = ImageLookup.StoredName(image);
            if (Current(registry, image, name, platform, cancellation) is { } current)
            {
                return ImageModel.Of(current);
            }

            var remote = RegistryReach.Wait(() => RemoteImage.FindAsync(registry, platform, cancellation));
            var download = new ImageDownload(registry.OpenBlobAsync, _content, _layers, new DownloadFolder(_paths.Downloads), progress);
            using var staged = download.Stage(remote.Manifest.Bytes.ToArray(), remote.Manifest.Digest, LayerLimits.Default, cancellation);
            var row = ImageRow.Of(staged.Images[0], [name], remote.Origin);
            _collection.Commit(staged, row);
            return ImageModel.Of(_images.Find(row.Id) ?? row);
        }
        catch (ImageFormatException e)
        {
            throw EngineErrors.ImageInvalid(image.ToString(), $"image {image}: {ForeignText.Readable(e.Message)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            throw EngineErrors.ImageImportFailed(image.ToString(), ForeignText.Readable(e.Message), e);
        }
    }

    // The image that has the name, if the registry has nothing newer under it and all of it is here.
    private ImageRow? Current(
        RegistryClient registry, ImageReference image, string name, Platform platform, CancellationToken cancellation)
    {
        if (_images.FindByName(name) is not { } row || _images.OriginOf(name) is not { } origin
            || !platform.Runs(row.Config.Platform) || !IsWhole(row))
        {
            return null;
        }

        return image.Digest is not null
            || RegistryReach.Wait(() => registry.HeadManifestAsync(cancellation))?.Digest.ToString() == origin ? row : null;
    }

    // What Repair-ContainerStorage had to take away comes back by this.
    private bool IsWhole(ImageRow row) => row.Chains.All(_layers.Contains)
        && _content.Contains(Digest.Parse(row.Id))
        && StoredManifest.TryRead(_content, row) is { } manifest
        && manifest.Layers.All(layer => _content.Contains(layer.Digest));
}
