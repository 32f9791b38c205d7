using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Engine.Containers;

/// <summary>Stops every process of a container where it is, until it is resumed.</summary>
public sealed class SuspendContainer
{
    // A process stops when it leaves the kernel; what waits for a disk or a network file system does not for a while.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly Lazy<CgroupHierarchies> _hierarchies;

    internal SuspendContainer(
        EnginePaths paths,
        ContainerModel model,
        ContainerLookup lookup,
        ContainerLocks locks,
        Reconciliation reconciliation,
        Lazy<CgroupHierarchies> hierarchies)
    {
        _paths = paths;
        _model = model;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _hierarchies = hierarchies;
    }

    /// <summary>Does nothing when the container is suspended already.</summary>
    /// <exception cref="ContainerEngineException">ContainerNotRunning; SuspendFailed, and the container goes on.</exception>
    public Container Execute(string container, CancellationToken cancellation = default)
    {
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        if (current.IsRemoved)
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        if (Lifecycle.Proceeds(found.Name, current.Status, ContainerAction.Suspend))
        {
            Suspend(found.Id, found.Name, cancellation);
            current = _reconciliation.Settle(found.Id, container);
        }

        return _model.Of(current);
    }

    private void Suspend(string id, string name, CancellationToken cancellation)
    {
        var freezer = CgroupFreezer.Of(CgroupPlan.Build(_hierarchies.Value, AbandonedRun.CgroupPath(id), null))
            ?? throw EngineErrors.SuspendFailed(name, "this machine has no cgroup freezer");
        try
        {
            if (!Suspension.TryImpose(_paths.RunDirectory(id), freezer, _patience, cancellation))
            {
                throw EngineErrors.SuspendFailed(name, $"some of its processes did not stand still within {_patience.TotalSeconds} s");
            }
        }
        catch (IOException e)
        {
            throw EngineErrors.SuspendFailed(name, e.Message, e);
        }
    }
}
