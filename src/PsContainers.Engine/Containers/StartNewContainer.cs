using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Makes a container and starts it in the background.</summary>
public sealed class StartNewContainer
{
    private readonly ContainerModel _model;
    private readonly Reconciliation _reconciliation;
    private readonly CreateContainer _create;
    private readonly ContainerLaunch _launch;
    private readonly RemoveContainer _remove;

    internal StartNewContainer(
        ContainerModel model, Reconciliation reconciliation, CreateContainer create, ContainerLaunch launch, RemoveContainer remove)
    {
        _model = model;
        _reconciliation = reconciliation;
        _create = create;
        _launch = launch;
        _remove = remove;
    }

    /// <summary>
    /// A container that could not start the first time was never of use: it goes again, and the next attempt may have its name.
    /// </summary>
    public Container Execute(ContainerCreation creation, CancellationToken cancellation = default)
    {
        var draft = _create.Describe(creation, ContainerStatus.Created);

        // In front of the lock, which removal takes again.
        using var rollback = new Rollback();
        using var held = _create.InsertLocked(draft, creation, out var row, cancellation);
        rollback.Add(() => _remove.Execute(row.Id, force: true));
        _launch.Start(row, attach: false, cancellation).Dispose();

        // It may have ended already, and then it may be gone.
        var started = _reconciliation.Settle(row.Id, row.Name);
        rollback.Commit();
        return _model.Of(started);
    }
}
