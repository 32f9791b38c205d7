using PsContainers.Engine.Errors;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Containers;

/// <summary>Sends a signal to a container's first process.</summary>
public sealed class SignalContainer
{
    private readonly EnginePaths _paths;
    private readonly ContainerModel _model;
    private readonly ContainerLookup _lookup;
    private readonly Reconciliation _reconciliation;

    internal SignalContainer(EnginePaths paths, ContainerModel model, ContainerLookup lookup, Reconciliation reconciliation)
    {
        _paths = paths;
        _model = model;
        _lookup = lookup;
        _reconciliation = reconciliation;
    }

    /// <summary>
    /// A suspended container gets the signal when it is resumed; SIGKILL ends it at once. Nobody waits here for what comes of it.
    /// </summary>
    /// <param name="signal">A name or number, see <see cref="SignalName"/>.</param>
    /// <exception cref="ContainerEngineException">InvalidSignal; ContainerNotRunning.</exception>
    public Container Execute(string container, string signal)
    {
        var number = SignalName.Find(signal) ?? throw EngineErrors.InvalidSignal(signal);
        var found = _lookup.Resolve(container);
        var current = _reconciliation.Current(found);
        if (current.IsRemoved)
        {
            throw EngineErrors.ContainerNotFound(container);
        }

        Lifecycle.Proceeds(found.Name, current.Status, ContainerAction.Signal);
        var runDirectory = _paths.RunDirectory(found.Id);
        if (!ContainerEnd.Signal(runDirectory, number))
        {
            throw EngineErrors.ContainerNotRunning(found.Name);
        }

        if (number == StopSignal.Kill)
        {
            Suspension.Lift(runDirectory);
        }

        return _model.Of(_reconciliation.Current(current.Row));
    }
}
