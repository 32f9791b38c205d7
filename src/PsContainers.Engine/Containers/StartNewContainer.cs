namespace PsContainers.Engine.Containers;

/// <summary>Makes a container and starts it in the background.</summary>
public sealed class StartNewContainer
{
    private readonly CreateContainer _create;
    private readonly StartContainer _start;
    private readonly RemoveContainer _remove;

    internal StartNewContainer(CreateContainer create, StartContainer start, RemoveContainer remove)
    {
        _create = create;
        _start = start;
        _remove = remove;
    }

    /// <summary>
    /// A container that could not start the first time was never of use: it goes again, and the next attempt may have its name.
    /// </summary>
    public Container Execute(ContainerCreation creation, CancellationToken cancellation = default)
    {
        using var rollback = new Rollback();

        var container = _create.Execute(creation);
        rollback.Add(() => _remove.Execute(container.Id, force: true));

        var started = _start.Execute(container.Id, cancellation);
        rollback.Commit();
        return started;
    }
}
