using PsContainers.Drivers;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Networks;

/// <summary>Attaches containers to networks and gives all of it back. The caller holds the container's lock.</summary>
internal sealed class ContainerNetworking(
    AttachmentReservation reservation,
    AttachmentRelease release,
    AttachmentTable table,
    ContainerLocks containerLocks,
    NetworkLocks locks,
    NetworkDrivers drivers,
    ContainerTable containers,
    Reconciliation reconciliation)
{
    /// <summary>Attaches a container that is about to start; when one network fails, it is on none.</summary>
    /// <exception cref="ContainerEngineException">
    /// One of <see cref="AttachmentReservation.Make"/>, NetworkDriverFailed, NetworkInvalid: nothing of the attachments is left.
    /// </exception>
    public IReadOnlyList<AttachmentRow> Attach(ContainerRow container, string namespacePath, CancellationToken cancellation)
    {
        // What an earlier end could not give back is tried once more.
        if (release.All(container.Id) is [var failure, ..])
        {
            throw NetworkErrors.NotGivenBack(container.Name, failure);
        }

        return Attach(container, container.Settings.Networks!, namespacePath, firstPosition: 0, cancellation);
    }

    /// <summary>Attaches a container to more networks than it is on.</summary>
    public IReadOnlyList<AttachmentRow> Attach(
        ContainerRow container,
        IReadOnlyList<NetworkConnection> connections,
        string namespacePath,
        int firstPosition,
        CancellationToken cancellation)
    {
        // One of them may be about to be removed or repaired: until what is reserved is attached, it must not look as if left over.
        var networks = reservation.Resolve(connections);
        using var shared = locks.Share(networks.Select(network => (network.Id, network.Name)), cancellation);
        networks = reservation.Again(networks);
        var rows = reservation.Make(container, connections, networks, namespacePath, firstPosition, Settle);
        using var rollback = new Rollback();
        rows.ToList().ForEach(row => rollback.Add(() => release.One(table.Find(row.Container, row.Network) ?? row, namespacePath)));

        // All are planned before the first is attached: what a user got wrong is said before anything changes.
        List<AttachmentRow> planned = [.. rows.Select(row => With(row, row.Record with { Plan = drivers.Plan(row.Request) }))];
        List<AttachmentRow> attached =
        [
            .. planned.Select(row => With(row, row.Record with { Result = drivers.Attach(row.Record.Plan, cancellation) })),
        ];
        rollback.Commit();
        return attached;
    }

    /// <summary>Makes the ports of the host that lead to a container these, in the place of those that it has.</summary>
    public IReadOnlyList<PortMapping> Publish(ContainerRow container, IReadOnlyList<PortMapping> ports, CancellationToken cancellation)
    {
        if (AttachmentRow.MainOf(table.Of(container.Id)) is not { } row)
        {
            return ports;
        }

        var reserved = Reserve(row, ports);
        using var rollback = new Rollback();
        rollback.Add(() => Reserve(row, row.Request.Ports));
        drivers.Publish(row.Record, reserved, cancellation);
        rollback.Commit();
        return reserved;
    }

    private IReadOnlyList<PortMapping> Reserve(AttachmentRow row, IReadOnlyList<PortMapping> ports)
    {
        for (var settled = new HashSet<string>(); ;)
        {
            string? holder = null;
            try
            {
                return table.Write(() =>
                {
                    table.RemovePorts(row.Container);
                    var reserved = reservation.ReservePorts(row.Container, ports, ref holder);
                    var plan = row.Record.Plan with { Request = row.Request with { Ports = reserved } };
                    table.Put(row with { Record = row.Record with { Plan = plan } });
                    return reserved;
                });
            }
            catch (ContainerEngineException) when (holder is not null && settled.Add(holder))
            {
                // As in the reservation for a start.
                if (!Settle(holder))
                {
                    throw;
                }
            }
        }
    }

    // A container that has ended, or is gone, gives back what it has when somebody looks at it.
    private bool Settle(string container)
    {
        if (containers.Find(container) is { } row && reconciliation.Current(row).IsRunning)
        {
            return false;
        }

        // A start that was killed, or an end whose driver failed, may have left something that only the store tells of.
        using var held = containerLocks.TryAcquire(container);
        if (held is null || containers.Find(container) is { Status: ContainerStatus.Running })
        {
            return false;
        }

        var isFree = release.All(container).Count == 0;
        if (containers.Find(container) is null)
        {
            containerLocks.Discard(container);
        }

        return isFree;
    }

    private AttachmentRow With(AttachmentRow row, AttachmentRecord record)
    {
        var changed = row with { Record = record };
        if (record.Result is not null || record.Plan.State is not null)
        {
            table.Set(changed);
        }

        return changed;
    }
}
