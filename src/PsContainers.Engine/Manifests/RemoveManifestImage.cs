using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Manifests;

/// <summary>Takes an image off a manifest list. It stays in the store, unless it was removed before.</summary>
public sealed class RemoveManifestImage
{
    private readonly ManifestTable _manifests;
    private readonly ManifestLookup _lookup;
    private readonly ImageCollection _collection;

    internal RemoveManifestImage(ManifestTable manifests, ManifestLookup lookup, ImageCollection collection) =>
        (_manifests, _lookup, _collection) = (manifests, lookup, collection);

    /// <exception cref="ContainerEngineException">ManifestNotFound, ManifestImageNotFound, ImageAmbiguous</exception>
    public void Execute(string name, string image)
    {
        var list = _lookup.Resolve(name);
        _collection.Announce();
        if (_manifests.RemoveEntry(list.Name, _lookup.ResolveEntry(list, image)) is not { } isImageGone)
        {
            throw ManifestErrors.ImageNotFound(name, image);
        }

        if (isImageGone)
        {
            _collection.TryCollect();
        }
    }
}
