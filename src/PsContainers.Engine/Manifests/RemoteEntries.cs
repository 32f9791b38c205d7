using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Registry;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Engine.Manifests;

/// <summary>Finds the images of a registry that are to be put on a list; nothing but their manifests is fetched.</summary>
internal sealed class RemoteEntries(ManifestAddition addition, CancellationToken cancellation)
{
    /// <exception cref="ContainerEngineException">ImageNameInvalid, ImageInvalid, or one of <see cref="RegistryErrors"/>.</exception>
    public IReadOnlyList<ManifestEntryRow> Find(string image) => RegistryReach.Run(image, () =>
    {
        var settings = RegistryReach.Settings(addition.Access);
        var candidates = RegistryReach.Candidates(image, settings);
        foreach (var candidate in candidates.SkipLast(1))
        {
            try
            {
                return Find(candidate, settings);
            }
            catch (RegistryException e) when (e.IsNotFound || e.IsDenied)
            {
                // A short name may be another registry's.
            }
        }

        return Find(candidates[^1], settings);
    });

    private List<ManifestEntryRow> Find(ImageReference image, RegistrySettings settings)
    {
        using var registry = new RegistryClient(image, settings);
        try
        {
            var index = RegistryReach.Wait(() => RemoteIndex.ReadAsync(registry, cancellation));
            return [.. Chosen(index).Select(entry => Row($"{image.Registry}/{image.Repository}", entry))];
        }
        catch (ImageFormatException e)
        {
            throw EngineErrors.ImageInvalid(image.ToString(), $"image {image}: {ForeignText.Readable(e.Message)}", e);
        }
    }

    // Of an index only: an image that is there alone is the one that is meant.
    private IReadOnlyList<Descriptor> Chosen(RemoteIndex index) => !MediaTypes.IsIndex(index.Document.MediaType) ? index.Images
        : addition.All ? [.. index.Images.Where(entry => MediaTypes.IsManifest(entry.MediaType))]
        : [RemoteImage.Choose(index.Images, ManifestEntryEditing.PlatformOf(addition.Change) ?? Platform.Current)];

    private ManifestEntryRow Row(string repository, Descriptor manifest) => new(Image: null, ManifestEntryEditing.Apply(
        addition.Change,
        new ManifestEntrySettings
        {
            Platform = manifest.Platform ?? Platform.Current,
            Annotations = manifest.Annotations,
            Remote = new() { MediaType = manifest.MediaType, Digest = manifest.Digest, Size = manifest.Size },
            Repository = repository,
        }));
}
