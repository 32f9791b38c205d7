using System.Data.Common;
using System.Text.Json;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Transfers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Removes blobs, unpacked layers and abandoned imports that no image in the store needs.</summary>
internal sealed class ImageCollection(EnginePaths paths, ImageTable images, ContentStore content, LayerStore layers)
{
    // Beside the folders of imports under way: says that a collection is due.
    private const string Due = "due";

    private readonly DownloadFolder _downloads = new(paths.Downloads);

    /// <summary>
    /// Puts images that have come into the store. One that was there with another manifest leaves that one's blobs behind; then a
    /// collection is due.
    /// </summary>
    public void Commit(StagedImport staged, params IReadOnlyList<ImageRow> rows) => staged.Commit(() =>
    {
        if (rows.Any(row => images.Find(row.Id) is { } present && present.Manifest != row.Manifest))
        {
            Announce();
        }

        images.Put(rows);
    });

    /// <summary>
    /// Says that something will be needed no more, before the row goes that needs it: who is killed in between leaves a collection to
    /// whoever comes next.
    /// </summary>
    public void Announce()
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(paths.Ingest, Due));
        }
        catch (IOException)
        {
            // A full disk, which is what somebody removes something for.
        }
    }

    /// <summary>Collects, or, while an import is under way whose blobs have no row yet, leaves it to whoever comes next.</summary>
    public void TryCollect()
    {
        Announce();
        using var held = FileLocks.TryAcquire(paths.ImagesLock, isShared: false);
        if (held is not null)
        {
            Collect();
        }
    }

    /// <summary>Removes what imports and removals left that were killed or had no time; mostly one look into a folder.</summary>
    public void CollectAbandoned()
    {
        if (!IsDue())
        {
            return;
        }

        try
        {
            using var held = FileLocks.TryAcquire(paths.ImagesLock, isShared: false);
            if (held is not null)
            {
                Collect();
            }
        }
        catch (Exception e) when (e is IOException or DbException)
        {
            // No command fails for what another one left; whoever comes next tries again.
        }
    }

    /// <summary>Removes what was fetched for another try, unless somebody is fetching.</summary>
    public void TryRemoveDownloads()
    {
        using var held = FileLocks.TryAcquire(paths.ImagesLock, isShared: false);
        if (held is not null)
        {
            _downloads.RemoveAbandoned(DateTime.MaxValue);
        }
    }

    /// <summary>What a collection removes: for who holds the lock on images alone.</summary>
    public IEnumerable<(string Name, long Size)> FindAbandoned()
    {
        var live = TryLiveBlobs();
        return
        [
            .. Directory.EnumerateFileSystemEntries(paths.Ingest).Select(path => (Path.GetFileName(path), TreeSize.Of(path))),
            .. layers.Unknown(images.Chains()).Select(name => (name, TreeSize.Of(Path.Combine(paths.Layers, name)))),
            .. content.All().Where(blob => live?.Contains(blob) == false).Select(blob => ($"{blob}", content.SizeOf(blob) ?? 0)),
        ];
    }

    private bool IsDue() => (Directory.Exists(paths.Ingest) && Directory.EnumerateFileSystemEntries(paths.Ingest).Any())
        || _downloads.Files().Any(file => file.LastWriteTimeUtc < EndOfPatience);

    private static DateTime EndOfPatience => DateTime.UtcNow - DownloadFolder.Patience;

    // The folders in ingest go last: as long as they are there, whoever comes next collects again.
    private void Collect()
    {
        layers.RemoveAllExcept(images.Chains());
        if (TryLiveBlobs() is { } live)
        {
            content.RemoveAllExcept(live);
        }

        foreach (var left in Directory.EnumerateFileSystemEntries(paths.Ingest))
        {
            if (TargetNotes.TryRemoveTarget(left))
            {
                // May be as deep as an archive's names make it.
                FileTree.Remove(left);
            }
        }

        _downloads.RemoveAbandoned(EndOfPatience);
    }

    // Null when a manifest is damaged: nobody knows then which blobs are its image's.
    private HashSet<Digest>? TryLiveBlobs()
    {
        var live = new HashSet<Digest>();
        try
        {
            foreach (var (manifest, config) in images.Documents())
            {
                live.Add(manifest);
                live.Add(config);
                if (content.TryRead(manifest) is { } bytes)
                {
                    live.UnionWith(JsonSerializer.Deserialize(bytes, OciJson.Default.ImageManifest)!.Layers.Select(layer => layer.Digest));
                }
            }
        }
        catch (ImageFormatException)
        {
            return null;
        }

        return live;
    }
}
