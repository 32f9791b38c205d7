using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Waits until a container has ended.</summary>
public sealed class WaitContainer
{
    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;

    internal WaitContainer(
        EnginePaths paths, ContainerModel model, ContainerLookup lookup, ContainerLocks locks, Reconciliation reconciliation)
    {
        _paths = paths;
        _model = model;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
    }

    /// <returns>The container with its exit code, also when it was removed at its end.</returns>
    /// <exception cref="ContainerEngineException">WaitTimeout; ContainerNotRunning when it was never started.</exception>
    public Container Execute(string container, TimeSpan? timeout = null, CancellationToken cancellation = default)
    {
        var found = _lookup.Resolve(container);
        var current = _reconciliation.Current(found);
        while (!current.IsRemoved && Lifecycle.Proceeds(found.Name, current.Status, ContainerAction.Wait))
        {
            if (!ContainerEnd.Wait(_paths.RunDirectory(found.Id), timeout ?? Timeout.InfiniteTimeSpan, out var exit, cancellation))
            {
                throw EngineErrors.WaitTimeout(found.Name, timeout ?? Timeout.InfiniteTimeSpan);
            }

            using var held = _locks.Acquire(found.Id, found.Name, cancellation);
            current = _reconciliation.SettleAfter(current.Row, exit);
        }

        return _model.Of(current);
    }
}
