using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Manifests;

/// <summary>Finds the manifest list, and the image on it, that a user means, and shows them.</summary>
internal sealed class ManifestLookup(ManifestTable manifests, ImageTable images, ImageLookup lookup)
{
    /// <exception cref="ContainerEngineException">ManifestNotFound</exception>
    public ManifestListRow Resolve(string name) => TryResolve(name) ?? throw ManifestErrors.NotFound(name);

    public ManifestListRow? TryResolve(string name) =>
        ImageLookup.CanonicalName(name) is { } canonical ? manifests.Find(canonical) : null;

    /// <summary>Whether a name stands for a manifest list, where images are meant as well.</summary>
    /// <exception cref="ContainerEngineException">ManifestAmbiguous: an image has the name, too.</exception>
    public bool IsList(string name) => TryResolve(name) is not null
        && (images.FindByName(ImageLookup.CanonicalName(name)!) is null ? true : throw ManifestErrors.Ambiguous(name));

    /// <param name="image">A name, digest or id of an image of the store, or what the list shows of it.</param>
    /// <exception cref="ContainerEngineException">ManifestImageNotFound, ImageAmbiguous</exception>
    public ManifestEntryRow ResolveEntry(ManifestListRow list, string image)
    {
        var digest = image[(image.IndexOf('@', StringComparison.Ordinal) + 1)..];
        return list.Entries.FirstOrDefault(entry => entry.Key == digest)
            ?? (lookup.TryResolve(image) is { } row ? list.Entries.FirstOrDefault(entry => entry.Image == row.Id) : null)
            ?? throw ManifestErrors.ImageNotFound(ImageReference.Parse(list.Name).FamiliarName, image);
    }

    /// <summary>The images that are meant by names: those of the store, and of their registries those that it does not have.</summary>
    /// <exception cref="ContainerEngineException">
    /// InvalidArgument, ImageAmbiguous, ImageNameInvalid, ImageInvalid, or one of <see cref="RegistryErrors"/>.
    /// </exception>
    public List<ManifestEntryRow> Entries(ManifestAddition addition, CancellationToken cancellation)
    {
        ManifestEntryEditing.Check(addition.Change);
        return [.. addition.Images.SelectMany(image => Present(image, addition) ?? new RemoteEntries(addition, cancellation).Find(image))];
    }

    // What the store has of it; null sends to the registry.
    private List<ManifestEntryRow>? Present(string image, ManifestAddition addition)
    {
        if (addition.All)
        {
            return TryResolve(image)?.Entries
                .Select(entry => entry with { Settings = ManifestEntryEditing.Apply(addition.Change, entry.Settings) })
                .ToList();
        }

        return lookup.TryResolve(image) is { } row ? [Local(row, addition.Change)] : null;
    }

    public ContainerManifest Show(ManifestListRow list)
    {
        var name = ImageReference.Parse(list.Name).FamiliarName;
        return new()
        {
            Name = name,
            Created = list.Created.ToLocalTime(),
            Annotations = list.Annotations,
            Images = [.. list.Entries.Select(entry => Show(name, entry))],
        };
    }

    private ContainerManifestImage Show(string list, ManifestEntryRow entry)
    {
        if (entry.Image is null)
        {
            return ManifestImageModel.Of(list, entry.Settings.Repository!, entry.Settings.Remote!, entry.Settings);
        }

        var image = images.Find(entry.Image) is { } row
            ? ImageModel.Of(row)
            : throw new InvalidOperationException($"the store lists image {entry.Image}, which it does not have");
        return ManifestImageModel.Of(list, image, entry.Settings);
    }

    private static ManifestEntryRow Local(ImageRow row, ManifestEntryChange change) =>
        new(row.Id, ManifestEntryEditing.Apply(change, new ManifestEntrySettings { Platform = row.Config.Platform }));
}
