using PsContainers.Engine.Errors;
using PsContainers.Engine.Images;
using PsContainers.Engine.Isolation;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Engine.Containers;

/// <summary>Makes a container from an image; nothing runs yet.</summary>
/// <remarks>
/// The row is the container: its directories are made when it starts, so there is nothing to undo when this is killed half-way.
/// </remarks>
public sealed class CreateContainer
{
    private const int NameAttempts = 8;

    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly ImageLookup _images;
    private readonly ContainerTable _containers;
    private readonly ContainerLocks _locks;
    private readonly NetworkLookup _networks;
    private readonly MountSelection _mounts;
    private readonly ContainerLookup _lookup;

    internal CreateContainer(
        EnginePaths paths,
        ContainerModel model,
        ImageLookup images,
        ContainerTable containers,
        ContainerLocks locks,
        NetworkLookup networks,
        MountSelection mounts)
    {
        _paths = paths;
        _model = model;
        _images = images;
        _containers = containers;
        _locks = locks;
        _networks = networks;
        _mounts = mounts;
        _lookup = new ContainerLookup(containers);
    }

    public Container Execute(ContainerCreation creation) =>
        _model.Of(new CurrentContainer(Insert(Describe(creation, ContainerStatus.Created), creation)));

    /// <summary>
    /// What the request asks for, still outside the store and, when the request has none, without its final name.
    /// </summary>
    internal ContainerDraft Describe(ContainerCreation creation, ContainerStatus status)
    {
        if (creation.Name is not null)
        {
            ContainerName.Check(creation.Name);
        }

        var image = _images.Resolve(creation.Image);
        var now = DateTime.UtcNow;
        CheckStorageSize(creation.StorageSize);
        var config = image.Config.Config ?? new ContainerConfig();
        var row = new ContainerRow
        {
            Id = ContainerName.NewId(),
            Name = creation.Name ?? ContainerName.Generate(attempt: 0),
            ImageId = image.Id,
            ImageName = creation.Image,
            Settings = NamespaceSources.ById(
                WithNetworkNames(SettingsResolution.Resolve(creation, config)),
                name => _lookup.Resolve(name).Id),
            RemoveOnExit = creation.RemoveOnExit,
            Created = now,
            Status = status,
            Boot = status == ContainerStatus.Running ? HostBoot.Id : null,
            Started = status == ContainerStatus.Running ? now : null,
        };
        return _mounts.Apply(row, creation, config);
    }

    private void CheckStorageSize(long? size)
    {
        if (size is { } bytes && (bytes < 1 ? "it is less than a byte" : ProjectQuota.Refusal(_paths.Containers)) is { } cause)
        {
            throw EngineErrors.InvalidStorageSize(bytes, cause);
        }
    }

    // By the name that a network has, whatever it was called by. The default one is made when a container first starts on it.
    private ContainerSettings WithNetworkNames(ContainerSettings settings)
    {
        if (settings.Networks is not { } given)
        {
            return settings;
        }

        List<NetworkConnection> named = [.. given.Select(connection => connection.Network == ContainerNetwork.DefaultName
            ? connection
            : connection with { Network = _networks.Resolve(connection.Network).Name })];
        NetworkSelection.RefuseTwice(named);
        return settings with { Networks = named };
    }

    /// <summary>Puts a container into the store that is to be started at once.</summary>
    /// <returns>Its lock.</returns>
    internal LockFile InsertLocked(
        ContainerDraft draft, ContainerCreation creation, out ContainerRow row, CancellationToken cancellation)
    {
        // Before the row: from then on others may see a container that says it runs, and must know that somebody is at work on it.
        var id = draft.Row.Id;
        using var rollback = new Rollback();
        var held = _locks.Acquire(id, draft.Row.Name, cancellation);
        rollback.Add(held.Dispose);
        rollback.Add(() => _locks.Discard(id));
        row = Insert(draft, creation);
        rollback.Commit();
        return held;
    }

    /// <summary>Puts the container into the store; a generated name that is taken is generated again.</summary>
    internal ContainerRow Insert(ContainerDraft draft, ContainerCreation creation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var row = draft.Row;
            switch (_containers.Insert(draft))
            {
                case InsertOutcome.Inserted:
                    // With the ids that it was given there, when it asked for some of its own.
                    return row.Settings.NeedsIds ? _containers.Find(row.Id) ?? row : row;
                case InsertOutcome.ImageGone:
                    throw EngineErrors.ImageNotFound(creation.Image);
                case InsertOutcome.MountsChanged when attempt < NameAttempts:
                    draft = _mounts.Apply(row, creation, _images.Resolve(creation.Image).Config.Config ?? new ContainerConfig());
                    break;
                case InsertOutcome.MountsChanged:
                    throw EngineErrors.ContainerBusy(row.Name, TimeSpan.Zero);
                case InsertOutcome.NameInUse when creation.Name is not null || attempt == NameAttempts:
                    throw EngineErrors.ContainerNameInUse(row.Name);
                default:
                    draft = draft with { Row = row with { Name = ContainerName.Generate(attempt) } };
                    break;
            }
        }
    }
}
