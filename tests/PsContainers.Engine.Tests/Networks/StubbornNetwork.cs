using PsContainers.Engine.Containers;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Networks;

/// <summary>An engine with one network, of a driver that may refuse, and what the engine does with networks.</summary>
internal sealed class StubbornNetwork : IDisposable
{
    internal StubbornNetwork()
    {
        Driver = new StubbornDriver(Sandbox.Plugins);
        var row = SampleNetwork.Network("ab", "back");
        Row = row with { Definition = row.Definition with { Driver = StubbornDriver.Name } };
        Assert.True(Sandbox.Networks.TryAdd(Row, []));
        Lookup = new NetworkLookup(Sandbox.Networks, Sandbox.Drivers);
        Locks = new NetworkLocks(Sandbox.Paths.Locks);
        Leftovers = new AttachmentLeftovers(Sandbox.Containers, Sandbox.Locks);
        Users = new NetworkUsers(Sandbox.Attachments, Sandbox.Containers, Sandbox.Reconciliation, Leftovers);
        Networking = new ContainerNetworking(
            new AttachmentReservation(Lookup, Sandbox.Attachments, Sandbox.Containers),
            Sandbox.Release,
            Sandbox.Attachments,
            Sandbox.Locks,
            Locks,
            Sandbox.Drivers,
            Sandbox.Containers,
            Sandbox.Reconciliation);
    }

    internal EngineSandbox Sandbox { get; } = new();

    internal StubbornDriver Driver { get; }

    internal NetworkRow Row { get; }

    internal NetworkLookup Lookup { get; }

    internal NetworkLocks Locks { get; }

    internal AttachmentLeftovers Leftovers { get; }

    internal NetworkUsers Users { get; }

    internal ContainerNetworking Networking { get; }

    internal RemoveNetwork Remove =>
        new(Sandbox.Networks, Lookup, Users, Locks, Sandbox.Drivers, Sandbox.Release, Leftovers, Disconnect);

    internal ChangeNetwork Change => new(Sandbox.Networks, Lookup, Users, Locks, Sandbox.Drivers, Sandbox.Release, Leftovers);

    internal RepairNetworks Repair => new(
        Sandbox.Networks,
        Lookup,
        Users,
        Sandbox.Attachments,
        Sandbox.Containers,
        Sandbox.Reconciliation,
        Leftovers,
        Locks,
        Sandbox.Release,
        Sandbox.Drivers);

    private DisconnectNetwork Disconnect => new(
        new ContainerLookup(Sandbox.Containers),
        Sandbox.Locks,
        Sandbox.Reconciliation,
        Sandbox.Containers,
        Lookup,
        Sandbox.Attachments,
        new RunningConnections(Sandbox.Paths, Sandbox.Attachments, Sandbox.Release, Networking, new WayOut(Sandbox.Attachments)),
        Sandbox.Model);

    public void Dispose() => Sandbox.Dispose();

    /// <summary>A container with an attachment and the ports of the host that it asks for.</summary>
    internal ContainerRow Add(string id, string name, ContainerStatus status, params string[] ports)
    {
        var row = Sandbox.Add(SampleNetwork.Container(id, name, ports) with { Status = status });
        var attachment = SampleNetwork.Attachment(row, Row);
        var plan = attachment.Record.Plan;
        var request = plan.Request with { IsDefaultRoute = true, Ports = row.Settings.Ports ?? [] };
        Sandbox.Attachments.Add(attachment with { Record = attachment.Record with { Plan = plan with { Request = request } } });
        foreach (var port in request.Ports)
        {
            Sandbox.Attachments.AddPort(row.Id, port);
        }

        if (status == ContainerStatus.Running)
        {
            Sandbox.Run(row.Id).WriteLiveState();
        }

        return row;
    }

    /// <summary>What a container has on the network that was removed.</summary>
    internal void AddLeftover(string id, string name) => Sandbox.Containers.Delete(Add(id, name, ContainerStatus.Stopped));
}
