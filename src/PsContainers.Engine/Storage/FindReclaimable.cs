using PsContainers.Engine.Images;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Images.Transfers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Engine.Storage;

/// <summary>Finds what nothing in the store needs.</summary>
public sealed class FindReclaimable
{
    private readonly EnginePaths _paths;
    private readonly StorageNeeds _needs;

    internal FindReclaimable(EnginePaths paths, StorageNeeds needs) => (_paths, _needs) = (paths, needs);

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
        Kind = "Container",
        Name = container.Row.Name,
        Id = container.Row.Id,
        Size = TreeSize.Of(_paths.ContainerDirectory(container.Row.Id)),
    };

    // A layer that several of them share goes with the last one, and is counted there.
    private IEnumerable<ContainerStorageItem> Items(IEnumerable<ImageRow> images)
    {
        var leaving = new List<ImageRow>();
        var counted = new HashSet<Digest>();
        foreach (var image in images)
        {
            leaving.Add(image);
            var own = _needs.LayersOfNoOther(leaving);
            own.ExceptWith(counted);
            counted.UnionWith(own);
            yield return new ContainerStorageItem
            {
                Kind = "Image",
                Name = ImageModel.Of(image).Name,
                Id = image.Id,
                Size = _needs.SizeOf(own),
            };
        }
    }

    // Beside imports under way nobody can tell what is abandoned.
    private IEnumerable<ContainerStorageItem> Abandoned()
    {
        using var held = FileLocks.TryAcquire(_paths.ImagesLock, isShared: false);
        return held is null
            ? []
            :
            [
                .. Directory.EnumerateFileSystemEntries(_paths.Ingest).Select(path => Left("Abandoned", path)),
                .. new DownloadFolder(_paths.Downloads).Files().Select(file => Left("Download", file.FullName)),
            ];
    }

    private static ContainerStorageItem Left(string kind, string path) => new()
    {
        Kind = kind,
        Name = Path.GetFileName(path),
        Id = "",
        Size = TreeSize.Of(path),
    };
}
