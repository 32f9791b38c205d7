using System.Net;
using PsContainers.Engine.Store;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Engine.Networks;

/// <summary>A running container's default route, when the network has gone that it led through: it leads through the next one.</summary>
/// <remarks>Its published ports stay with the network that is gone, until they are published anew.</remarks>
internal sealed class WayOut(AttachmentTable table)
{
    /// <summary>Does nothing when no other network leads anywhere. May be done twice.</summary>
    /// <exception cref="LinuxException">The kernel refuses the route.</exception>
    public void Ensure(string container, string namespacePath)
    {
        var attached = table.Of(container);
        if ((attached.Find(IsWayOut) ?? Appoint(attached)) is not { Record.Result: { } result })
        {
            return;
        }

        using var network = NetworkNamespace.Open(namespacePath);
        using var route = RouteSocket.Open(network);
        var index = route.FindLink(result.Interface)?.Index;
        foreach (var gateway in result.Gateways)
        {
            Add(route, new Route { Gateway = IPAddress.Parse(gateway), Index = index });
        }
    }

    private static bool IsWayOut(AttachmentRow row) => row.Request is { IsDefaultRoute: true, Network.IsInternal: false };

    // In the order of attachment, as at a start. The driver finds it in the plan when it is to mend the attachment.
    private AttachmentRow? Appoint(List<AttachmentRow> attached)
    {
        if (attached.Find(row => row is { Request.Network.IsInternal: false, Record.Result.Gateways.Count: > 0 }) is not { } heir)
        {
            return null;
        }

        var plan = heir.Record.Plan;
        heir = heir with { Record = heir.Record with { Plan = plan with { Request = plan.Request with { IsDefaultRoute = true } } } };
        table.Set(heir);
        return heir;
    }

    private static void Add(RouteSocket route, Route wanted)
    {
        try
        {
            route.AddRoute(wanted);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // It was there before, or the container has made one for itself.
        }
    }
}
