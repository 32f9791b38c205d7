using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Containers;

/// <summary>Writes all files of a container, its image's and its own, as one tar archive.</summary>
public sealed class ExportContainer
{
    private readonly EnginePaths _paths;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ImageTable _images;
    private readonly Snapshots _snapshots;
    private readonly Lazy<CgroupHierarchies> _hierarchies;

    internal ExportContainer(
        EnginePaths paths,
        ContainerLookup lookup,
        ContainerLocks locks,
        Reconciliation reconciliation,
        ImageTable images,
        Snapshots snapshots,
        Lazy<CgroupHierarchies> hierarchies)
    {
        _paths = paths;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _images = images;
        _snapshots = snapshots;
        _hierarchies = hierarchies;
    }

    /// <param name="overwrite">Whether a file that is there may go.</param>
    /// <param name="pause">Whether a running container stands still meanwhile.</param>
    /// <exception cref="ContainerEngineException">
    /// ContainerNotFound, ContainerAmbiguous, ExportPathInUse, SuspendFailed; ContainerExportFailed: nothing is left of the file then.
    /// </exception>
    public void Execute(
        string container, string path, bool overwrite = false, bool pause = true, CancellationToken cancellation = default)
    {
        if (!overwrite && Path.Exists(path))
        {
            throw EngineErrors.ExportPathInUse(path);
        }

        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        if (current.IsRemoved || _images.Find(current.Row.ImageId) is not { } image)
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        // Shared: what is half written is taken by nobody for what a killed session left.
        using var shared = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        try
        {
            using var target = TargetFile.Begin(path, new TargetNotes(_paths.Ingest));
            Write(current, image, target.Stream, pause, cancellation);
            target.Commit(overwrite);
        }
        catch (Exception e) when (e is ImageFormatException or IOException or UnauthorizedAccessException)
        {
            throw EngineErrors.ContainerExportFailed(found.Name, e);
        }
    }

    private void Write(CurrentContainer container, ImageRow image, Stream target, bool pause, CancellationToken cancellation)
    {
        var layers = _snapshots.LayersOf(image.Chains);
        IReadOnlyList<string> all = _snapshots.WritableLayerOf(container.Row.Id) is { } writable ? [writable, .. layers] : layers;
        if (all.Count == 0)
        {
            throw new ImageFormatException("its image has no files, and it was never started");
        }

        using var suspension = pause ? BriefSuspension.Impose(_paths, container, _hierarchies.Value, cancellation) : null;
        LayerArchive.WriteMerged(all, target, static (_, _) => false, cancellation);
    }
}
