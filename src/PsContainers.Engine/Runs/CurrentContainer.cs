using PsContainers.Engine.Store;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Runs;

/// <summary>A container's row, in agreement with the kernel; with the state of its run while it runs.</summary>
/// <param name="IsRemoved">It ended and was to be removed then: the row is its last.</param>
/// <param name="IsPaused">It runs, and is suspended.</param>
/// <param name="Kept">Why networks did not give back what it had, in words; null when they did.</param>
internal readonly record struct CurrentContainer(
    ContainerRow Row, RunState? State = null, bool IsRemoved = false, bool IsPaused = false, string? Kept = null)
{
    /// <summary>The store knows that it runs; that it is suspended, the kernel alone.</summary>
    public ContainerStatus Status => Row.Status == ContainerStatus.Running && IsPaused ? ContainerStatus.Paused : Row.Status;

    public bool IsRunning => Row.Status == ContainerStatus.Running;
}
