using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>
/// What a network could not take back, or nobody asked it to: of containers that do not run, and that nobody is about to start.
/// </summary>
/// <remarks>Whoever starts a container holds its lock. Those that have ended unnoticed are brought up to date before.</remarks>
internal sealed class AttachmentLeftovers(ContainerTable containers, ContainerLocks locks)
{
    public bool Contains(AttachmentRow attachment) => TryDo(attachment, () => { });

    /// <summary>Does something about an attachment that is left over, and lets nobody start its container meanwhile.</summary>
    /// <returns>False when it is none, and nothing was done.</returns>
    public bool TryDo(AttachmentRow attachment, Action work)
    {
        if (IsRunning(attachment.Container))
        {
            return false;
        }

        using var held = locks.TryAcquire(attachment.Container);
        if (held is null || IsRunning(attachment.Container))
        {
            return false;
        }

        if (containers.Find(attachment.Container) is null)
        {
            locks.Discard(attachment.Container);
        }

        work();
        return true;
    }

    private bool IsRunning(string container) => containers.Find(container) is { Status: ContainerStatus.Running };
}
