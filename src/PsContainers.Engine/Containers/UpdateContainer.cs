using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Linux;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Containers;

/// <summary>Gives a container other limits and ports: at once when it runs, and for every later start.</summary>
public sealed class UpdateContainer
{
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ContainerTable _containers;
    private readonly ContainerNetworking _networking;
    private readonly Lazy<CgroupHierarchies> _hierarchies;

    internal UpdateContainer(
        ContainerModel model,
        ContainerLookup lookup,
        ContainerLocks locks,
        Reconciliation reconciliation,
        ContainerTable containers,
        ContainerNetworking networking,
        Lazy<CgroupHierarchies> hierarchies)
    {
        _model = model;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _containers = containers;
        _networking = networking;
        _hierarchies = hierarchies;
    }

    /// <summary>All that is new holds afterwards, or the old does.</summary>
    /// <exception cref="ContainerEngineException">
    /// InvalidLimit; UpdateFailed when the kernel refuses one; InvalidPort, PortInUse, NetworkDriverFailed.
    /// </exception>
    public Container Execute(string container, ContainerUpdate update, CancellationToken cancellation = default)
    {
        if (update.IsEmpty)
        {
            throw EngineErrors.InvalidArgument(container, "nothing is given to be set");
        }

        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        if (current.IsRemoved)
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        var row = current.Row with { Settings = LimitSettings.With(current.Row.Settings, update) };
        LimitSettings.Check(row.Settings);
        using var rollback = new Rollback();
        if (current.IsRunning)
        {
            var applied = Apply(row, update);
            rollback.Add(applied.Undo);
        }

        if (update.Ports is not null)
        {
            row = Publish(current with { Row = row }, PublishedPorts.Check(update.Ports), cancellation);
            rollback.Add(() => Publish(current, current.Row.Settings.Ports ?? [], CancellationToken.None));
        }

        _containers.SetSettings(row);
        rollback.Commit();
        return _model.Of(current with { Row = row });
    }

    private ContainerRow Publish(CurrentContainer current, IReadOnlyList<PortMapping> ports, CancellationToken cancellation)
    {
        var row = current.Row;
        if (row.Settings.Network != NetworkMode.Networks && ports.Count > 0)
        {
            throw EngineErrors.InvalidPort(ports[0].ToString(), $"container '{row.Name}' is on no network that could lead to it");
        }

        if (current.IsRunning)
        {
            _networking.Publish(row, ports, cancellation);
        }

        return row with { Settings = row.Settings with { Ports = ports.Count > 0 ? ports : null } };
    }

    private CgroupUpdate Apply(ContainerRow row, ContainerUpdate update)
    {
        try
        {
            return CgroupUpdate.Apply(_hierarchies.Value, AbandonedRun.CgroupPath(row.Id), Changes(row.Settings, update));
        }
        catch (InvalidSettingException e)
        {
            throw EngineErrors.InvalidLimit(e.Setting, e.Message, e);
        }
        catch (LinuxException e)
        {
            throw EngineErrors.UpdateFailed(row.Name, e);
        }
    }

    // Only what was asked for is written, but memory and swap belong together.
    private static LinuxResources Changes(ContainerSettings settings, ContainerUpdate update)
    {
        var isMemory = update.Memory is not null || update.MemorySwap is not null;
        var changes = new ResourceLimits
        {
            Memory = isMemory ? settings.Memory : null,
            MemorySwap = isMemory ? settings.MemorySwap : null,
            MemoryReservation = update.MemoryReservation,
            Cpus = update.Cpus,
            CpuShares = update.CpuShares,
            CpuSet = update.CpuSet,
            PidsLimit = update.PidsLimit,
        }.ToLinuxResources();
        return changes with { Memory = changes.Memory is { } memory ? memory with { CheckBeforeUpdate = true } : null };
    }
}
