using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.Names;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Upkeep;

/// <summary>Makes of a network what should be of it.</summary>
internal sealed class NetworkRepair(
    RunRecords records, FirewallTable firewall, Forwarding forwarding, NameRecords names, NetworkCheck check)
{
    /// <summary>To be called under the driver's lock.</summary>
    internal IReadOnlyList<string> Mend(
        NetworkDefinition network, IReadOnlyList<Attachment> attachments, RouteSocket route, CancellationToken cancellation)
    {
        var found = check.Find(network, attachments, route);
        if (found.Count == 0)
        {
            return [];
        }

        MendRecords(network, attachments);
        if (attachments.Count > 0)
        {
            MendLinks(network, attachments, route);
        }
        else
        {
            RemoveLinks(network, route);
        }

        MendFirewall(network, attachments.Count > 0);
        if (network.HasNames)
        {
            names.Replace(network, attachments, cancellation);
        }

        return [.. found.Except(check.Find(network, attachments, route))];
    }

    private void MendRecords(NetworkDefinition network, IReadOnlyList<Attachment> attachments)
    {
        var expected = attachments.Select(attachment => attachment.Request.ContainerId).ToHashSet();
        foreach (var stray in records.Attachments(network.Id).Where(id => !expected.Contains(id)))
        {
            records.RemoveAttachment(network.Id, stray);
        }

        foreach (var attachment in attachments)
        {
            records.WriteAttachment(network.Id, attachment.Request.ContainerId, attachment.Elements);
        }

        if (attachments.Count > 0)
        {
            records.WriteNetwork(network.Id, NetworkElements.Of(network));
        }
    }

    private static void MendLinks(NetworkDefinition network, IReadOnlyList<Attachment> attachments, RouteSocket route)
    {
        var bridge = BridgeLink.Ensure(route, network, isOurs: true, isConfiguredAgain: true);
        var expected = attachments.Select(attachment => attachment.HostLink).ToHashSet();
        foreach (var stray in NetworkCheck.PairsOf(route, bridge).Where(link => !expected.Contains(link.Name)))
        {
            route.Remove(stray.Index);
        }

        foreach (var attachment in attachments)
        {
            if (route.FindLink(attachment.HostLink) is { } link)
            {
                ContainerLink.JoinBridge(route, attachment, link.Index, bridge);
            }
            else
            {
                TryAdd(route, attachment, bridge);
            }
        }
    }

    // Where the namespace is gone, or has another link of the name, the attachment stays on the list of what is missing.
    private static void TryAdd(RouteSocket route, Attachment attachment, int bridge)
    {
        try
        {
            if (attachment.Request.NamespacePath is not null)
            {
                ContainerLink.Add(route, attachment, bridge);
            }
        }
        catch (Exception e) when (e is LinuxException or DriverException)
        {
            route.Remove(attachment.HostLink);
        }
    }

    private void RemoveLinks(NetworkDefinition network, RouteSocket route)
    {
        // Without a record it is somebody else's.
        if (records.HasNetwork(network.Id))
        {
            BridgeLink.Remove(route, network);
            records.RemoveNetwork(network.Id);
        }
    }

    private void MendFirewall(NetworkDefinition network, bool isInUse)
    {
        using var alone = HostLock.Take();
        if (records.IsEmpty)
        {
            forwarding.SwitchOff();
            firewall.RemoveTable();
            return;
        }

        var isRouter = isInUse && !network.IsInternal;
        if (isRouter)
        {
            forwarding.Prepare(BridgeLink.HasIPv6(network), isFirst: true);
        }

        firewall.Rebuild();
        if (isRouter)
        {
            forwarding.SwitchOn(BridgeLink.HasIPv6(network));
        }
    }
}
