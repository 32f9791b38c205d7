using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Manifests;

/// <summary>Makes a manifest list, with images on it or none yet.</summary>
public sealed class NewManifest
{
    private readonly ManifestTable _manifests;
    private readonly ManifestLookup _lookup;
    private readonly ImageCollection _collection;

    internal NewManifest(ManifestTable manifests, ManifestLookup lookup, ImageCollection collection) =>
        (_manifests, _lookup, _collection) = (manifests, lookup, collection);

    /// <param name="annotations">Of the list.</param>
    /// <param name="replace">Takes the place of a list of that name.</param>
    /// <exception cref="ContainerEngineException">
    /// ManifestNameInUse, ImageNameInvalid, or as for <see cref="AddManifestImages"/>.
    /// </exception>
    public ContainerManifest Execute(
        ManifestAddition addition,
        IReadOnlyDictionary<string, string?>? annotations = null,
        bool replace = false,
        CancellationToken cancellation = default)
    {
        var name = ImageName.Canonical(addition.Name);
        ManifestEntryEditing.CheckAnnotations(annotations);
        if (!replace && _manifests.Find(name) is not null)
        {
            throw ManifestErrors.NameInUse(addition.Name);
        }

        var none = new Dictionary<string, string?>();
        var row = new ManifestListRow(
            name,
            ManifestEntryEditing.Merge(none, annotations ?? none),
            DateTime.UtcNow,
            _lookup.Entries(addition, cancellation));
        if (replace)
        {
            _collection.Announce();
        }

        if (!_manifests.TryAdd(row, replace))
        {
            throw ManifestErrors.NameInUse(addition.Name);
        }

        if (replace)
        {
            _collection.TryCollect();
        }

        return _lookup.Show(_lookup.Resolve(name));
    }
}
