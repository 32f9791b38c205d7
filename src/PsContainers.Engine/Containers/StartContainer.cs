using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Starts a container in the background.</summary>
public sealed class StartContainer
{
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly ContainerLocks _locks;
    private readonly Reconciliation _reconciliation;
    private readonly ContainerLaunch _launch;

    internal StartContainer(
        ContainerModel model,
        ContainerLookup lookup,
        ContainerLocks locks,
        Reconciliation reconciliation,
        ContainerLaunch launch)
    {
        _model = model;
        _lookup = lookup;
        _locks = locks;
        _reconciliation = reconciliation;
        _launch = launch;
    }

    /// <summary>Does nothing when the container runs already.</summary>
    public Container Execute(string container, CancellationToken cancellation = default)
    {
        var found = _lookup.Resolve(container);
        using var held = _locks.Acquire(found.Id, found.Name, cancellation);
        var current = _reconciliation.Settle(found.Id, container);
        if (current.IsRemoved)
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        if (Lifecycle.Proceeds(found.Name, current.Status, ContainerAction.Start))
        {
            _launch.Start(current.Row, attach: false, cancellation).Dispose();

            // It may have ended already, and then it may be gone.
            current = _reconciliation.Settle(found.Id, container);
        }

        return _model.Of(current);
    }
}
