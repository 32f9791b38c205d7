using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Lets a suspended container go on.</summary>
public sealed class ResumeContainer
{
    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;

    internal ResumeContainer(
        EnginePaths paths, ContainerModel model, ContainerLookup lookup, ContainerLocks locks, Reconciliation reconciliation)
    {
        _paths = paths;
        _model = model;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
    }

    /// <summary>Does nothing when the container is not suspended.</summary>
    /// <exception cref="ContainerEngineException">ContainerNotRunning</exception>
    public Container Execute(string container, CancellationToken cancellation = default)
    {
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        if (current.IsRemoved)
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        if (Lifecycle.Proceeds(found.Name, current.Status, ContainerAction.Resume))
        {
            Suspension.Lift(_paths.RunDirectory(found.Id));
            current = _reconciliation.Settle(found.Id, container);
        }

        return _model.Of(current);
    }
}
