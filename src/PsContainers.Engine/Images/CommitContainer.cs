using System.Data.Common;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Images;
using PsContainers.Images.Archives;
using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Images.Snapshots;
using PsContainers.Oci;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Images;

/// <summary>Makes an image of a container: its image's layers, and one with what the container changed.</summary>
public sealed class CommitContainer
{
    private readonly EnginePaths _paths;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ImageTable _images;
    private readonly ContentStore _content;
    private readonly LayerStore _layers;
    private readonly Snapshots _snapshots;
    private readonly Lazy<CgroupHierarchies> _hierarchies;

    internal CommitContainer(
        EnginePaths paths,
        ContainerLookup lookup,
        ContainerLocks locks,
        Reconciliation reconciliation,
        ImageTable images,
        ContentStore content,
        LayerStore layers,
        Snapshots snapshots,
        Lazy<CgroupHierarchies> hierarchies)
    {
        _paths = paths;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _images = images;
        _content = content;
        _layers = layers;
        _snapshots = snapshots;
        _hierarchies = hierarchies;
    }

    /// <exception cref="ContainerEngineException">
    /// ContainerNotFound, ContainerAmbiguous, ImageNameInvalid, InvalidArgument and others about the request; SuspendFailed; CommitFailed:
    /// nothing of the image is left then, and the container goes on.
    /// </exception>
    public ContainerImage Execute(string container, ContainerCommit commit, CancellationToken cancellation = default)
    {
        var name = commit.Name is null ? null : ImageName.Canonical(commit.Name);
        var request = CommitRequest.Complete(commit);
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        if (current.IsRemoved || _images.Find(current.Row.ImageId) is not { } image)
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        // Shared: what this brings is collected by nobody until its row stands.
        using var shared = FileLocks.Acquire(_paths.ImagesLock, isShared: true, cancellation, "the image store");
        try
        {
            using var staged = Stage(current, image, request, cancellation);
            var row = RowOf(staged.Images[0], name);
            staged.Commit(() => _images.Put(row));
            return ImageModel.Of(_images.Find(row.Id) ?? row);
        }
        catch (Exception e) when (e is ImageFormatException or IOException or UnauthorizedAccessException or DbException)
        {
            throw EngineErrors.CommitFailed(found.Name, e);
        }
    }

    private StagedImport Stage(CurrentContainer container, ImageRow image, ContainerCommit request, CancellationToken cancellation)
    {
        using var suspension = request.NoPause
            ? null
            : BriefSuspension.Impose(_paths, container, _hierarchies.Value, cancellation);
        var row = container.Row;
        return ChangedImage.Stage(
            $"container '{row.Name}'",
            Digest.Parse(image.Manifest),
            image.Chains,
            WriterOf(row, image, cancellation),
            (config, layer) => CommittedConfig.Write(config, row.Settings, request, layer, DateTime.UtcNow),
            _content,
            _layers,
            cancellation);
    }

    // A container that was never started has no layer of its own.
    private Action<Stream>? WriterOf(ContainerRow row, ImageRow image, CancellationToken cancellation)
    {
        var layers = _snapshots.LayersOf(image.Chains);
        return _snapshots.WritableLayerOf(row.Id) is { } writable
            ? stream => LayerArchive.WriteChanges([writable, .. layers], stream, new MountPointTraces(layers).Contains, cancellation)
            : null;
    }

    private static ImageRow RowOf(ImportedImage image, string? name) => new(
        image.ConfigDigest.ToString(),
        image.ManifestDigest.ToString(),
        image.Config,
        image.Size,
        DateTime.UtcNow,
        name is null ? [] : [name],
        image.ChainIds);
}
