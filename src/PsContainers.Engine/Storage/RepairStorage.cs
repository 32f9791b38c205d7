using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Engine.Storage;

/// <summary>Mends what a check of the store has found.</summary>
public sealed class RepairStorage
{
    private readonly EnginePaths _paths;
    private readonly ImageTable _images;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;
    private readonly ImageCollection _collection;
    private readonly StorageNeeds _needs;

    internal RepairStorage(
        EnginePaths paths, ImageTable images, ContentStore content, LayerStore layers, ImageCollection collection, StorageNeeds needs)
    {
        _paths = paths;
        _images = images;
        _content = content;
        _layers = layers;
        _collection = collection;
        _needs = needs;
    }

    /// <summary>
    /// A layer is unpacked again from its archive. A damaged blob is removed, so that importing its image brings it back: while it
    /// lies there it would be taken for what it is not. What was abandoned is collected.
    /// </summary>
    /// <exception cref="ContainerEngineException">StorageRepairFailed: it cannot be mended, or somebody uses it.</exception>
    public void Execute(ContainerStorageProblem problem, CancellationToken cancellation = default)
    {
        if (!problem.CanRepair)
        {
            throw EngineErrors.StorageRepairFailed(problem.Name, problem.Description);
        }

        if (problem.Kind == ContainerStorageProblemKind.Abandoned)
        {
            _collection.TryCollect();
            return;
        }

        // Alone: nobody unpacks, mounts or reads meanwhile.
        using var held = FileLocks.Acquire(_paths.ImagesLock, isShared: false, cancellation, "the image store");
        if (problem.Kind == ContainerStorageProblemKind.DamagedBlob)
        {
            _content.Delete(Digest.Parse(problem.Name));
        }
        else
        {
            Restore(Digest.Parse(problem.Name), cancellation);
        }
    }

    private void Restore(Digest chain, CancellationToken cancellation)
    {
        var users = _images.AllWithHidden().Where(image => image.Chains.Contains(chain)).ToList();
        RefuseIfUsed(chain, users);
        foreach (var place in users.SelectMany(image => ImageLayerPlace.Of(image, _content)).Where(place => place.Chain == chain).Take(1))
        {
            try
            {
                using var blob = _content.Open(place.Archive.Digest);
                _layers.Restore(blob, place.Archive.Digest, place.Parent, place.DiffId, cancellation);
                return;
            }
            catch (Exception e) when (e is ImageFormatException or IOException)
            {
                throw EngineErrors.StorageRepairFailed($"{chain}", e.Message, e);
            }
        }

        throw EngineErrors.StorageRepairFailed($"{chain}", "no manifest says which archive it came from");
    }

    // A tree that somebody has mounted must not change below it.
    private void RefuseIfUsed(Digest chain, List<ImageRow> users)
    {
        var ids = users.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var container in _needs.Containers().Where(container => container.IsRunning && ids.Contains(container.Row.ImageId)))
        {
            throw EngineErrors.StorageRepairFailed($"{chain}", $"the running container '{container.Row.Name}' uses it; stop it first");
        }

        foreach (var path in ids.SelectMany(ImageMounts.Of))
        {
            throw EngineErrors.StorageRepairFailed($"{chain}", $"an image that uses it is mounted at '{path}'; dismount it first");
        }
    }
}
