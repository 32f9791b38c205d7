using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Asks a container to end, and ends it when the time is up.</summary>
public sealed class StopContainer
{
    private static readonly TimeSpan _defaultTimeout = TimeSpan.FromSeconds(10);

    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;

    internal StopContainer(
        EnginePaths paths, ContainerModel model, ContainerLookup lookup, ContainerLocks locks, Reconciliation reconciliation)
    {
        _paths = paths;
        _model = model;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
    }

    /// <summary>
    /// Does nothing when the container does not run. The lock is taken at the end only: others may look, wait and stop as well.
    /// </summary>
    /// <param name="timeout">From the stop signal to the kill; 10 seconds when not given, zero kills at once.</param>
    public Container Execute(string container, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var found = _lookup.Resolve(container);
        var current = _reconciliation.Current(found);
        while (!current.IsRemoved && Lifecycle.Proceeds(found.Name, current.Status, ContainerAction.Stop))
        {
            var exit = ContainerEnd.Stop(current, _paths.RunDirectory(found.Id), timeout ?? _defaultTimeout, cancellation);
            using var held = _locks.Acquire(found.Id, found.Name, cancellation);
            current = _reconciliation.SettleAfter(current.Row, exit);
        }

        return _model.Of(current);
    }
}
