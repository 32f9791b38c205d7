using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Containers;

/// <summary>What each action means for a container in each status.</summary>
internal static class Lifecycle
{
    public static LifecycleStep Decide(ContainerStatus status, ContainerAction action) => (status, action) switch
    {
        (ContainerStatus.Created or ContainerStatus.Stopped, ContainerAction.Start) => LifecycleStep.Proceed,
        (ContainerStatus.Running, ContainerAction.Start) => LifecycleStep.AlreadyDone,

        (ContainerStatus.Running or ContainerStatus.Paused, ContainerAction.Stop) => LifecycleStep.Proceed,
        (ContainerStatus.Created or ContainerStatus.Stopped, ContainerAction.Stop) => LifecycleStep.AlreadyDone,

        (ContainerStatus.Running or ContainerStatus.Paused, ContainerAction.Wait) => LifecycleStep.Proceed,
        (ContainerStatus.Stopped, ContainerAction.Wait) => LifecycleStep.AlreadyDone,

        (ContainerStatus.Created or ContainerStatus.Stopped, ContainerAction.Remove) => LifecycleStep.Proceed,
        (_, ContainerAction.RemoveByForce) => LifecycleStep.Proceed,

        (ContainerStatus.Running, ContainerAction.Suspend) => LifecycleStep.Proceed,
        (ContainerStatus.Paused, ContainerAction.Suspend) => LifecycleStep.AlreadyDone,
        (ContainerStatus.Paused, ContainerAction.Resume) => LifecycleStep.Proceed,
        (ContainerStatus.Running, ContainerAction.Resume) => LifecycleStep.AlreadyDone,

        (ContainerStatus.Running or ContainerStatus.Paused, ContainerAction.Signal) => LifecycleStep.Proceed,

        (ContainerStatus.Running, ContainerAction.Execute) => LifecycleStep.Proceed,

        _ => LifecycleStep.Refuse,
    };

    /// <summary>Whether there is anything to do.</summary>
    /// <exception cref="ContainerEngineException">The status does not allow the action.</exception>
    public static bool Proceeds(string name, ContainerStatus status, ContainerAction action) => Decide(status, action) switch
    {
        LifecycleStep.Proceed => true,
        LifecycleStep.AlreadyDone => false,
        _ => throw (status switch
        {
            ContainerStatus.Running => EngineErrors.ContainerRunning(name),
            ContainerStatus.Paused => EngineErrors.ContainerPaused(name),
            _ => EngineErrors.ContainerNotRunning(name),
        }),
    };
}
