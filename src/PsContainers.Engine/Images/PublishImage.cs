using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Content;
using PsContainers.Images.Registry;
using PsContainers.Images.Transfers;
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
    /// ImageNotFound, ImageAmbiguous, ImageNameInvalid, ImageInvalid, or one of <see cref="RegistryErrors"/>.
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
            using var registry = new RegistryClient(destination, RegistryReach.Settings(publication.Access));
            var uploaded = Upload(registry, row, destination, publication, progress, cancellation);
            _images.SetOrigin(destination.ToString(), row.Id, uploaded.Manifest.ToString());
            return new PublishedContainerImage
            {
                Name = destination.FamiliarName,
                Digest = uploaded.Manifest.ToString(),
                Id = row.Id,
                Size = uploaded.Size,
                Sent = uploaded.Sent,
            };
        });
    }

    private UploadedImage Upload(
        RegistryClient registry,
        ImageRow row,
        ImageReference destination,
        ImagePublication publication,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation)
    {
        try
        {
            var manifest = _content.TryRead(Digest.Parse(row.Manifest))
                ?? throw new ImageFormatException($"its manifest {row.Manifest} is missing");
            var holders = new Lazy<ILookup<Digest, string>>(() => Holders(destination));
            var upload = new ImageUpload(registry, _content, digest => holders.Value[digest], progress);
            return RegistryReach.Wait(() => upload.RunAsync(manifest, publication.Compression, cancellation));
        }
        catch (ImageFormatException e)
        {
            throw EngineErrors.ImageInvalid(
                publication.Image, $"image '{publication.Image}' cannot be published: {e.Message}; Repair-ContainerStorage may help", e);
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
        return ImageLookup.CanonicalName(text) is { } canonical
            ? ImageReference.Parse(canonical)
            : throw EngineErrors.ImageNameInvalid(
                text, $"'{text}' is not a name to publish an image under, such as registry.example/team/app:1");
    }

    // Other repositories of the same registry that images of this store came from or went to: they may have the blobs.
    private ILookup<Digest, string> Holders(ImageReference destination) => _images.All()
        .SelectMany(row => row.Names.Select(ImageReference.Parse)
            .Where(name => name.Registry == destination.Registry && name.Repository != destination.Repository)
            .Select(name => (row, name.Repository)))
        .SelectMany(held => StoredManifest.TryRead(_content, held.row)?.Layers.Select(layer => (layer.Digest, held.Repository)) ?? [])
        .Distinct()
        .ToLookup(held => held.Digest, held => held.Repository);
}
