using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Content;
using PsContainers.Images.Registry;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Brings images to one repository of a registry.</summary>
internal sealed class ImagePublisher : IDisposable
{
    private readonly ContentStore _content;
    private readonly ImagePublication _publication;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly Lazy<ILookup<Digest, string>> _holders;

    public ImagePublisher(
        ImageTable images,
        ContentStore content,
        ImageReference destination,
        ImagePublication publication,
        IProgress<TransferProgress>? progress)
    {
        (_content, _publication, _progress) = (content, publication, progress);
        Registry = new(destination, RegistryReach.Settings(publication.Access));
        _holders = new(() => Holders(images, content, destination));
    }

    public RegistryClient Registry { get; }

    /// <summary>A name that a user gives to what is published.</summary>
    /// <exception cref="ContainerEngineException">ImageNameInvalid</exception>
    public static ImageReference DestinationOf(string text) => ImageLookup.CanonicalName(text) is { } canonical
        ? ImageReference.Parse(canonical)
        : throw EngineErrors.ImageNameInvalid(
            text, $"'{text}' is not a name to publish an image under, such as registry.example/team/app:1");

    /// <summary>Brings an image of the store there.</summary>
    /// <param name="isListed">Whether an index will name it, and not the destination's tag.</param>
    /// <exception cref="ContainerEngineException">ImageInvalid, ImagePublishFailed</exception>
    public UploadedImage Push(ImageRow row, bool isListed, CancellationToken cancellation) => Guard(() =>
    {
        var manifest = _content.TryRead(Digest.Parse(row.Manifest))
            ?? throw new ImageFormatException($"its manifest {row.Manifest} is missing");
        var upload = new ImageUpload(Registry, digest => _holders.Value[digest], _progress) { IsListed = isListed };
        return RegistryReach.Wait(() => upload.RunAsync(manifest, _content, _publication.Compression, cancellation));
    });

    /// <summary>Brings an image there that an index will name, from another repository and past the store.</summary>
    /// <exception cref="ContainerEngineException">ImageInvalid, ImagePublishFailed</exception>
    public UploadedImage Copy(ImageReference image, CancellationToken cancellation) => Guard(() =>
    {
        // What the user gave with the command is for the destination alone.
        var access = _publication.Access with { UserName = null, Password = null };
        using var from = new RegistryClient(image, RegistryReach.Settings(access));
        var upload = new ImageUpload(Registry, _ => [image.Repository], _progress) { IsListed = true };
        return RegistryReach.Wait(async () =>
        {
            var manifest = await from.GetManifestAsync(cancellation).ConfigureAwait(false);
            return await upload.CopyAsync(manifest.Bytes.ToArray(), from, cancellation).ConfigureAwait(false);
        });
    });

    public void Dispose() => Registry.Dispose();

    private UploadedImage Guard(Func<UploadedImage> act)
    {
        try
        {
            return act();
        }
        catch (ImageFormatException e)
        {
            throw EngineErrors.ImageInvalid(
                _publication.Image, $"'{_publication.Image}' cannot be published: {e.Message}; Repair-ContainerStorage may help", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.ImagePublishFailed(_publication.Image, e);
        }
    }

    // Other repositories of the same registry that images of this store came from or went to: they may have the blobs.
    private static ILookup<Digest, string> Holders(ImageTable images, ContentStore content, ImageReference destination) => images.All()
        .SelectMany(row => row.Names.Select(ImageReference.Parse)
            .Where(name => name.Registry == destination.Registry && name.Repository != destination.Repository)
            .Select(name => (row, name.Repository)))
        .SelectMany(held => StoredManifest.TryRead(content, held.row)?.Layers.Select(layer => (layer.Digest, held.Repository)) ?? [])
        .Distinct()
        .ToLookup(held => held.Digest, held => held.Repository);
}
