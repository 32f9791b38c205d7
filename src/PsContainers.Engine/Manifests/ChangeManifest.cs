using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Manifests;

/// <summary>Changes what a manifest list says: of itself, or of an image.</summary>
public sealed class ChangeManifest
{
    private readonly ManifestTable _manifests;
    private readonly ManifestLookup _lookup;

    internal ChangeManifest(ManifestTable manifests, ManifestLookup lookup) => (_manifests, _lookup) = (manifests, lookup);

    /// <param name="annotations">These are added or replaced; one without a value goes.</param>
    /// <exception cref="ContainerEngineException">ManifestNotFound, InvalidArgument</exception>
    public ContainerManifest Execute(string name, IReadOnlyDictionary<string, string?> annotations)
    {
        ManifestEntryEditing.CheckAnnotations(annotations);
        var list = _lookup.Resolve(name);
        return _manifests.TryChangeAnnotations(list.Name, old => ManifestEntryEditing.Merge(old, annotations))
            ? _lookup.Show(_lookup.Resolve(name))
            : throw ManifestErrors.NotFound(name);
    }

    /// <param name="image">On the list: a name, a digest, an id.</param>
    /// <exception cref="ContainerEngineException">ManifestNotFound, ManifestImageNotFound, ImageAmbiguous, InvalidArgument</exception>
    public ContainerManifest Execute(string name, string image, ManifestEntryChange change)
    {
        ManifestEntryEditing.Check(change);
        var list = _lookup.Resolve(name);
        var entry = _lookup.ResolveEntry(list, image);
        return _manifests.TryChangeEntry(list.Name, entry.Key, settings => ManifestEntryEditing.Apply(change, settings))
            ? _lookup.Show(_lookup.Resolve(name))
            : throw ManifestErrors.ImageNotFound(name, image);
    }
}
