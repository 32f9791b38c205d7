using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Removes a container with all it wrote.</summary>
public sealed class RemoveContainer
{
    private readonly EnginePaths _paths;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ContainerRemains _remains;

    internal RemoveContainer(
        EnginePaths paths, ContainerLookup lookup, ContainerLocks locks, Reconciliation reconciliation, ContainerRemains remains)
    {
        _paths = paths;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _remains = remains;
    }

    /// <param name="force">Kills the container first when it runs.</param>
    /// <returns>What networks could not give back, in words; the container is gone all the same.</returns>
    public IReadOnlyList<string> Execute(string container, bool force = false, CancellationToken cancellation = default)
    {
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        if (current.IsRemoved)
        {
            return current.Kept is { } kept ? [kept] : [];
        }

        Lifecycle.Proceeds(found.Name, current.Status, force ? ContainerAction.RemoveByForce : ContainerAction.Remove);
        if (current.IsRunning
            && ContainerEnd.Stop(current, _paths.RunDirectory(found.Id), TimeSpan.Zero, cancellation) is null)
        {
            // The supervisor went without a word: maybe killed in this very moment, with its control groups still there.
            _remains.RemoveAbandonedRun(found.Id);
        }

        return _remains.Remove(current.Row);
    }
}
