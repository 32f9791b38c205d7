using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Manifests;

/// <summary>Puts images on a manifest list; one that is on it is described anew.</summary>
public sealed class AddManifestImages
{
    private readonly ManifestTable _manifests;
    private readonly ManifestLookup _lookup;

    internal AddManifestImages(ManifestTable manifests, ManifestLookup lookup) => (_manifests, _lookup) = (manifests, lookup);

    /// <summary>All images are put on it, or none.</summary>
    /// <exception cref="ContainerEngineException">
    /// ManifestNotFound, InvalidArgument, ImageAmbiguous, ImageNameInvalid, ImageInvalid, or one of <see cref="RegistryErrors"/>.
    /// </exception>
    public ContainerManifest Execute(ManifestAddition addition, CancellationToken cancellation = default)
    {
        var list = _lookup.Resolve(addition.Name);
        var entries = _lookup.Entries(addition, cancellation);
        return _manifests.TryPut(list.Name, entries)
            ? _lookup.Show(_lookup.Resolve(addition.Name))
            : throw ManifestErrors.NotFound(addition.Name);
    }
}
