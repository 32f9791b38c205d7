using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Images.Transfers;
using PsContainers.Linux;

namespace PsContainers.Engine.Storage;

/// <summary>Finds what nothing in the store needs.</summary>
public sealed class FindReclaimable
{
    private readonly EnginePaths _paths;
    private readonly StorageNeeds _needs;
    private readonly ImageCollection _collection;

    internal FindReclaimable(EnginePaths paths, StorageNeeds needs, ImageCollection collection) =>
        (_paths, _needs, _collection) = (paths, needs, collection);

    /// <summary>
    /// Containers that do not run; images that no other container uses, those without a name or all of them; what killed sessions left.
    /// </summary>
    public IReadOnlyList<ContainerStorageItem> Execute(bool named)
    {
        var containers = _needs.Containers();
        var images = _needs.Unused(containers.Where(container => container.IsRunning));
        return
        [
            .. containers.Where(container => !container.IsRunning).Select(Item),
            .. Items(images.Where(image => named || image.Names.Count == 0)),
            .. Abandoned(),
        ];
    }

    /// <summary>The images that no container uses and that are not mounted.</summary>
    /// <param name="dangling">Only those without a name.</param>
    /// <param name="before">Only those built, or where nobody knows when, imported before.</param>
    public IReadOnlyList<ContainerStorageItem> UnusedImages(bool dangling, DateTime? before) =>
        [.. Items(_needs.Unused(_needs.Containers()).Where(image => (!dangling || image.Names.Count == 0) && IsBefore(image, before)))];

    private static bool IsBefore(ImageRow image, DateTime? before) =>
        before is not { } time || (image.Config.Created?.UtcDateTime ?? image.Imported) < time.ToUniversalTime();

    private ContainerStorageItem Item(CurrentContainer container) => new()
    {
        Kind = ContainerStorageItemKind.Container,
        Name = container.Row.Name,
        Id = container.Row.Id,
        Size = TreeSize.Of(_paths.ContainerDirectory(container.Row.Id)),
    };

    private IEnumerable<ContainerStorageItem> Items(IEnumerable<ImageRow> images) =>
        _needs.Freed(images).Select(freed => new ContainerStorageItem
        {
            Kind = ContainerStorageItemKind.Image,
            Name = ImageModel.Of(freed.Image).Name,
            Id = freed.Image.Id,
            Size = freed.Size,
        });

    // Beside imports under way nobody can tell what is abandoned.
    private IEnumerable<ContainerStorageItem> Abandoned()
    {
        using var held = FileLocks.TryAcquire(_paths.ImagesLock, isShared: false);
        return held is null
            ? []
            :
            [
                .. _collection.FindAbandoned().Select(left => Left(ContainerStorageItemKind.Abandoned, left.Name, left.Size)),
                .. new DownloadFolder(_paths.Downloads).Files()
                    .Select(file => Left(ContainerStorageItemKind.Download, file.Name, file.Length)),
            ];
    }

    private static ContainerStorageItem Left(ContainerStorageItemKind kind, string name, long size) => new()
    {
        Kind = kind,
        Name = name,
        Id = "",
        Size = size,
    };
}
