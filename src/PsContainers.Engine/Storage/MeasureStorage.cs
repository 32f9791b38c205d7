using PsContainers.Engine.Images;
using PsContainers.Engine.Store;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Transfers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Engine.Storage;

/// <summary>Adds up what the store holds and how much of it nothing needs.</summary>
public sealed class MeasureStorage
{
    private readonly EnginePaths _paths;
    private readonly ImageTable _images;
    private readonly VolumeTable _volumes;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;
    private readonly StorageNeeds _needs;

    internal MeasureStorage(
        EnginePaths paths, ImageTable images, VolumeTable volumes, ContentStore content, LayerStore layers, StorageNeeds needs)
    {
        _volumes = volumes;
        _paths = paths;
        _images = images;
        _content = content;
        _layers = layers;
        _needs = needs;
    }

    public IReadOnlyList<ContainerStorageUsage> Execute()
    {
        var containers = _needs.Containers();
        var images = _images.All();
        var unused = _needs.Unused(containers);
        var leaving = unused.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        var needed = _images.AllWithHidden().Where(image => !leaving.Contains(image.Id)).SelectMany(BlobsOf).ToHashSet();
        var blobs = _content.All().ToDictionary(blob => blob, blob => _content.SizeOf(blob) ?? 0);
        var layers = _layers.All().ToList();
        var kept = images.SelectMany(image => image.Chains).ToHashSet();
        kept.ExceptWith(_needs.LayersOfNoOther(unused));
        var written = containers.Select(container => (container.IsRunning, Size: TreeSize.Of(_paths.ContainerDirectory(container.Row.Id))))
            .ToList();
        var abandoned = Directory.GetFileSystemEntries(_paths.Ingest);
        var downloads = new DownloadFolder(_paths.Downloads).Files();
        return
        [
            Usage("Images", images.Count, images.Count - unused.Count, layers.Sum(layer => layer.Size),
                layers.Where(layer => !kept.Contains(layer.ChainId)).Sum(layer => layer.Size)),
            Usage("Archives", blobs.Count, blobs.Keys.Count(needed.Contains), blobs.Values.Sum(),
                blobs.Where(blob => !needed.Contains(blob.Key)).Sum(blob => blob.Value)),
            Usage("Containers", written.Count, written.Count(one => one.IsRunning), written.Sum(one => one.Size),
                written.Where(one => !one.IsRunning).Sum(one => one.Size)),
            Volumes(),
            Usage("Downloads", downloads.Count, 0, downloads.Sum(file => file.Length), downloads.Sum(file => file.Length)),
            Usage("Abandoned", abandoned.Length, 0, abandoned.Sum(TreeSize.Of), abandoned.Sum(TreeSize.Of)),
        ];
    }

    // Of those that lie on this host; what a driver would have to mount first is left out.
    private ContainerStorageUsage Volumes()
    {
        var all = _volumes.All();
        var sizes = all.Select(row => (
            IsFree: _volumes.HoldersOf(row.Id).Count + _volumes.UsesOf(row.Id).Count == 0,
            Size: row.Result?.Path is { } path ? TreeSize.Of(path) : 0)).ToList();
        return Usage(
            "Volumes", all.Count, sizes.Count(one => !one.IsFree), sizes.Sum(one => one.Size),
            sizes.Where(one => one.IsFree).Sum(one => one.Size));
    }

    private static ContainerStorageUsage Usage(string kind, int count, int active, long size, long reclaimable) =>
        new() { Kind = kind, Count = count, Active = active, Size = size, Reclaimable = reclaimable };

    private IEnumerable<Digest> BlobsOf(ImageRow image) =>
    [
        Digest.Parse(image.Id),
        Digest.Parse(image.Manifest),
        .. StoredManifest.TryRead(_content, image)?.Layers.Select(layer => layer.Digest) ?? [],
    ];
}
