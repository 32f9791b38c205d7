using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images.Content;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Brings an image of the store to a registry.</summary>
public sealed class PublishImage
{
    private readonly EnginePaths _paths;
    private readonly ImageTable _images;
    private readonly ImageLookup _lookup;
    private readonly ContentStore _content;

    internal PublishImage(EnginePaths paths, ImageTable images, ImageLookup lookup, ContentStore content)
    {
        _paths = paths;
        _images = images;
        _lookup = lookup;
        _content = content;
    }

    /// <param name="progress">Is told from several threads how far each part has come.</param>
    /// <exception cref="ContainerEngineException">
    /// ImageNotFound, ImageAmbiguous, ImageNameInvalid, ImageInvalid, ImagePublishFailed, or one of <see cref="RegistryErrors"/>.
    /// </exception>
    public PublishedContainerImage Execute(
        ImagePublication publication, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        // Nobody collects the parts of an image that is removed meanwhile.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        var row = _lookup.Resolve(publication.Image);
        var destination = DestinationOf(publication, row);
        return RegistryReach.Run(destination.ToString(), () =>
        {
            using var publisher = new ImagePublisher(_images, _content, destination, publication, progress);
            var uploaded = publisher.Push(row, isListed: false, cancellation);
            SetOrigin(destination.ToString(), row.Id, uploaded.Manifest.Digest.ToString());
            return new PublishedContainerImage
            {
                Name = destination.FamiliarName,
                Digest = uploaded.Manifest.Digest.ToString(),
                Id = row.Id,
                Size = uploaded.Size,
                Sent = uploaded.Sent,
            };
        });
    }

    // It is published, whatever comes now; a name without its origin costs one more look at the registry.
    private void SetOrigin(string name, string id, string origin)
    {
        try
        {
            _images.SetOrigin(name, id, origin);
        }
        catch (StoreException)
        {
        }
    }

    private static ImageReference DestinationOf(ImagePublication publication, ImageRow row)
    {
        var text = publication.Destination
            ?? (ImageLookup.CanonicalName(publication.Image) is { } name && row.Names.Contains(name) ? name : null)
            ?? (row.Names is [var only] ? only : null)
            ?? throw EngineErrors.ImageNameInvalid(
                publication.Image,
                $"image '{publication.Image}' has {row.Names.Count} names; say with -Destination under which it is published");
        return ImagePublisher.DestinationOf(text);
    }
}
