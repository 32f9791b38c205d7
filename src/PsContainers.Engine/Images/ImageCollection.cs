using System.Text.Json;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Engine.Images;

/// <summary>Removes blobs, unpacked layers and abandoned imports that no image in the store needs.</summary>
internal sealed class ImageCollection(EnginePaths paths, ImageTable images, ContentStore content, LayerStore layers)
{
    /// <summary>Collects unless an import is under way, whose blobs have no row yet; the next removal collects then.</summary>
    public void TryCollect()
    {
        using var held = FileLocks.TryAcquire(paths.ImagesLock, isShared: false);
        if (held is null)
        {
            return;
        }

        layers.RemoveAllExcept(images.Chains());
        content.RemoveAllExcept(LiveBlobs());
        ClearIngest();
    }

    /// <summary>Removes what imports left that were killed.</summary>
    public void ClearAbandonedImports()
    {
        if (!Directory.Exists(paths.Ingest) || !Directory.EnumerateFileSystemEntries(paths.Ingest).Any())
        {
            return;
        }

        using var held = FileLocks.TryAcquire(paths.ImagesLock, isShared: false);
        if (held is not null)
        {
            ClearIngest();
        }
    }

    private void ClearIngest()
    {
        // Half-unpacked layers: a stranger's file names, which may be any bytes.
        foreach (var left in Directory.EnumerateFileSystemEntries(paths.Ingest))
        {
            FileTree.Remove(left);
        }
    }

    private HashSet<Digest> LiveBlobs()
    {
        var live = new HashSet<Digest>();
        foreach (var (manifest, config) in images.Documents())
        {
            live.Add(manifest);
            live.Add(config);
            if (content.TryRead(manifest) is { } bytes)
            {
                live.UnionWith(JsonSerializer.Deserialize(bytes, OciJson.Default.ImageManifest)!.Layers.Select(layer => layer.Digest));
            }
        }

        return live;
    }
}
