using System.Data.Common;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;

namespace PsContainers.Engine.Storage;

/// <summary>Removes something that was found to be needed by nothing, if that is still so.</summary>
public sealed class ReclaimStorage
{
    private readonly RemoveContainer _removeContainer;
    private readonly RemoveImage _removeImage;
    private readonly ImageCollection _collection;

    internal ReclaimStorage(RemoveContainer removeContainer, RemoveImage removeImage, ImageCollection collection)
    {
        _removeContainer = removeContainer;
        _removeImage = removeImage;
        _collection = collection;
    }

    /// <exception cref="ContainerEngineException">ContainerRunning, ImageInUse: somebody needs it again. ReclaimFailed.</exception>
    /// <returns>What was left undone, in words.</returns>
    public IReadOnlyList<string> Execute(ContainerStorageItem item, CancellationToken cancellation = default)
    {
        try
        {
            return Remove(item, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            throw EngineErrors.ReclaimFailed($"{item.Kind} {item.Name}", e);
        }
    }

    private IReadOnlyList<string> Remove(ContainerStorageItem item, CancellationToken cancellation)
    {
        switch (item.Kind)
        {
            case ContainerStorageItemKind.Container:
                return _removeContainer.Execute(item.Id, force: false, cancellation);
            case ContainerStorageItemKind.Image:
                _removeImage.ExecuteUnused(item.Id, cancellation);
                return [];
            case ContainerStorageItemKind.Download:
                _collection.TryRemoveDownloads();
                return [];
            default:
                _collection.TryCollect();
                return [];
        }
    }
}
