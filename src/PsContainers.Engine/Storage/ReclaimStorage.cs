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
    public void Execute(ContainerStorageItem item, CancellationToken cancellation = default)
    {
        try
        {
            Remove(item, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbException)
        {
            throw EngineErrors.ReclaimFailed($"{item.Kind} {item.Name}", e);
        }
    }

    private void Remove(ContainerStorageItem item, CancellationToken cancellation)
    {
        switch (item.Kind)
        {
            case ContainerStorageItemKind.Container:
                _removeContainer.Execute(item.Id, force: false, cancellation);
                break;
            case ContainerStorageItemKind.Image:
                _removeImage.ExecuteUnused(item.Id, cancellation);
                break;
            case ContainerStorageItemKind.Download:
                _collection.TryRemoveDownloads();
                break;
            default:
                _collection.TryCollect();
                break;
        }
    }
}
