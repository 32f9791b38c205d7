using System.Globalization;
using PsContainers.Engine.Containers;
using PsContainers.Engine.Store;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Networks;

/// <summary>A running container joins networks and leaves them, its files with it. The caller holds its lock.</summary>
/// <remarks>
/// The attachment is there before the container's files tell of it and until they tell of it no more, and the settings tell of it last:
/// what a session leaves that is killed in between is seen by the next one that connects or disconnects.
/// </remarks>
internal sealed class RunningConnections(
    EnginePaths paths, AttachmentTable attachments, AttachmentRelease release, ContainerNetworking networking, WayOut wayOut)
{
    /// <param name="row">The container as it was.</param>
    /// <param name="rollback">Gets what undoes it.</param>
    public void Join(
        ContainerRow row, RunState state, NetworkRow network, NetworkConnection wanted, Rollback rollback, CancellationToken cancellation)
    {
        if (attachments.Find(row.Id, network.Id) is { } halfDone)
        {
            Leave(row, state, halfDone);
        }

        var others = attachments.Of(row.Id);
        var position = others.Select(other => other.Position + 1).DefaultIfEmpty(0).Max();
        var path = NamespaceOf(state);
        var attached = networking.Attach(row, [wanted], path, position, cancellation)[0];
        rollback.Add(() => release.One(attached, path));

        // Added before: of two files one may be written already when the other cannot be.
        rollback.Add(() => NetworkFiles.Leave(row, paths.RunDirectory(row.Id), others, attached));
        NetworkFiles.Join(row, paths.RunDirectory(row.Id), others, attached);
    }

    /// <exception cref="ContainerEngineException">NetworkDriverFailed: the container is still on the network.</exception>
    public void Leave(ContainerRow row, RunState state, AttachmentRow attached) =>
        Leave(row, state, attached, release.One);

    /// <summary>The same, also when the driver cannot give back what the container had.</summary>
    /// <returns>What may be left, in words.</returns>
    public IReadOnlyList<string> LeaveByForce(ContainerRow row, RunState state, AttachmentRow attached)
    {
        List<string> left = [];
        Leave(row, state, attached, (attachment, path) =>
        {
            try
            {
                release.One(attachment, path);
            }
            catch (ContainerEngineException e)
            {
                left.Add(release.Forget(attachment, e));
            }
        });
        return left;
    }

    /// <summary>What a session did not come to any more that was killed when the container had left a network.</summary>
    public void FinishLeaving(ContainerRow row, RunState state) => wayOut.Ensure(row.Id, NamespaceOf(state));

    private void Leave(ContainerRow row, RunState state, AttachmentRow attached, Action<AttachmentRow, string> detach)
    {
        var directory = paths.RunDirectory(row.Id);
        List<AttachmentRow> others = [.. attachments.Of(row.Id).Where(other => other.Network != attached.Network)];
        var path = NamespaceOf(state);
        using var rollback = new Rollback();
        rollback.Add(() => NetworkFiles.Join(row, directory, others, attached));
        NetworkFiles.Leave(row, directory, others, attached);
        detach(attached, path);
        rollback.Commit();
        if (attached.Request.IsDefaultRoute)
        {
            wayOut.Ensure(row.Id, path);
        }
    }

    private static string NamespaceOf(RunState state) => string.Create(CultureInfo.InvariantCulture, $"/proc/{state.Pid}/ns/net");
}
