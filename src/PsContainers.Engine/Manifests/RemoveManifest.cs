using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Manifests;

/// <summary>Removes a manifest list. Its images stay in the store, except those that were removed before.</summary>
public sealed class RemoveManifest
{
    private readonly ManifestTable _manifests;
    private readonly ImageCollection _collection;

    internal RemoveManifest(ManifestTable manifests, ImageCollection collection) => (_manifests, _collection) = (manifests, collection);

    /// <exception cref="ContainerEngineException">ManifestNotFound</exception>
    public void Execute(string name)
    {
        _collection.Announce();
        if (ImageLookup.CanonicalName(name) is not { } canonical || _manifests.Remove(canonical) is not { } isImageGone)
        {
            throw ManifestErrors.NotFound(name);
        }

        if (isImageGone)
        {
            _collection.TryCollect();
        }
    }
}
