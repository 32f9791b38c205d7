using System.Data.Common;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Takes a name off an image, and the image away with its last name.</summary>
public sealed class RemoveImage
{
    private readonly ImageTable _images;
    private readonly ImageLookup _lookup;
    private readonly ContainerTable _containers;
    private readonly ManifestTable _manifests;
    private readonly Reconciliation _reconciliation;
    private readonly ImageCollection _collection;
    private readonly ImageMounts _mounts;

    internal RemoveImage(
        ImageTable images,
        ImageLookup lookup,
        ContainerTable containers,
        ManifestTable manifests,
        Reconciliation reconciliation,
        ImageCollection collection,
        ImageMounts mounts)
    {
        _images = images;
        _lookup = lookup;
        _containers = containers;
        _manifests = manifests;
        _reconciliation = reconciliation;
        _collection = collection;
        _mounts = mounts;
    }

    /// <param name="force">
    /// Removes all names when the image was given by id, and hides an image that stopped containers use or manifest lists name: its layers
    /// go with the last of them. An image with a running container, or one that is mounted, is never removed.
    /// </param>
    public void Execute(string image, bool force = false, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(image);
        var name = ImageLookup.CanonicalName(image) is { } canonical && row.Names.Contains(canonical) ? canonical : null;
        if (name is not null && row.Names.Count > 1)
        {
            _images.RemoveName(name);
            return;
        }

        if (name is null && row.Names.Count > 1 && !force)
        {
            throw EngineErrors.ImageHasNames(image, row.Names);
        }

        Remove(image, row, force, cancellation);
    }

    /// <summary>Removes an image with all of its names, unless something uses it.</summary>
    /// <exception cref="ContainerEngineException">ImageNotFound, ImageInUse</exception>
    public void ExecuteUnused(string image, CancellationToken cancellation = default) =>
        Remove(image, _lookup.Resolve(image), force: false, cancellation);

    private void Remove(string image, ImageRow row, bool force, CancellationToken cancellation)
    {
        try
        {
            using (_mounts.Lock(cancellation))
            {
                RefuseIfUsed(image, row, force);
                cancellation.ThrowIfCancellationRequested();
                _collection.Announce();
                _images.Remove(row.Id);
            }

            _collection.TryCollect();
        }
        catch (Exception e) when (e is IOException or DbException)
        {
            throw EngineErrors.ImageRemoveFailed(image, e);
        }
    }

    private void RefuseIfUsed(string image, ImageRow row, bool force)
    {
        if (ImageMounts.Of(row.Id) is [var path, ..])
        {
            throw EngineErrors.ImageMounted(image, path);
        }

        if (!force && _manifests.ListsOf(row.Id) is [var list, ..])
        {
            throw EngineErrors.ImageListed(image, ImageReference.Parse(list).FamiliarName);
        }

        foreach (var user in _containers.OfImage(row.Id))
        {
            var current = _reconciliation.Current(user);
            if (!current.IsRemoved && (current.IsRunning || !force))
            {
                throw EngineErrors.ImageInUse(image, user.Name, current.IsRunning ? "running" : "stopped");
            }
        }
    }
}
