using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images.Content;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Engine.Manifests;

/// <summary>Brings a manifest list to a registry: its images first, then the index that lists them.</summary>
public sealed class PublishManifest
{
    private readonly EnginePaths _paths;
    private readonly ImageTable _images;
    private readonly ManifestLookup _lookup;
    private readonly ContentStore _content;

    internal PublishManifest(EnginePaths paths, ImageTable images, ManifestLookup lookup, ContentStore content)
    {
        _paths = paths;
        _images = images;
        _lookup = lookup;
        _content = content;
    }

    /// <param name="publication">Its image is the list.</param>
    /// <param name="progress">Is told from several threads how far each part has come.</param>
    /// <exception cref="ContainerEngineException">
    /// ManifestNotFound, ManifestEmpty, ImageNameInvalid, ImageInvalid, or one of <see cref="RegistryErrors"/>.
    /// </exception>
    public PublishedContainerImage Execute(
        ImagePublication publication, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        // Nobody collects the parts of an image that is removed meanwhile.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        var list = _lookup.Resolve(publication.Image);
        if (list.Entries.Count == 0)
        {
            throw ManifestErrors.Empty(publication.Image);
        }

        var destination = ImagePublisher.DestinationOf(publication.Destination ?? list.Name);
        return RegistryReach.Run(destination.ToString(), () =>
        {
            using var publisher = new ImagePublisher(_images, _content, destination, publication, progress);
            var uploads = list.Entries.Select(entry => (Entry: entry, Uploaded: Push(publisher, entry, cancellation))).ToList();
            var index = IndexOf(list, [.. uploads.Select(upload => Described(upload.Uploaded.Manifest, upload.Entry.Settings))]);
            var bytes = ImageDocument.Write(index);
            RegistryReach.Wait(async () =>
            {
                await publisher.Registry.PutManifestAsync(index.MediaType!, bytes, cancellation).ConfigureAwait(false);
                return true;
            });
            return new PublishedContainerImage
            {
                Name = destination.FamiliarName,
                Digest = Digest.Of(bytes).ToString(),
                Size = uploads.Sum(upload => upload.Uploaded.Size),
                Sent = uploads.Sum(upload => upload.Uploaded.Sent),
            };
        });
    }

    private UploadedImage Push(ImagePublisher publisher, ManifestEntryRow entry, CancellationToken cancellation) => entry.Image is { } image
        ? publisher.Push(_images.Find(image)!, isListed: true, cancellation)
        : publisher.Copy(ImageReference.Parse($"{entry.Settings.Repository}@{entry.Settings.Remote!.Digest}"), cancellation);

    private static Descriptor Described(Descriptor manifest, ManifestEntrySettings settings) => manifest with
    {
        Platform = settings.Platform,
        Annotations = settings.Annotations is { Count: > 0 } annotations ? annotations : null,
    };

    // Docker's list knows no annotations and no images but Docker's.
    private static ImageIndex IndexOf(ManifestListRow list, IReadOnlyList<Descriptor> images) => new()
    {
        SchemaVersion = 2,
        MediaType = list.Annotations.Count == 0
            && images.All(image => image.MediaType == MediaTypes.DockerManifest && image.Annotations is null)
                ? MediaTypes.DockerManifestList
                : MediaTypes.Index,
        Manifests = images,
        Annotations = list.Annotations.Count > 0 ? list.Annotations : null,
    };
}
