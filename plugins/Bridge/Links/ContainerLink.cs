using PsContainers.Bridge.Planning;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Links;

/// <summary>The pair of links between a container and the bridge.</summary>
internal static class ContainerLink
{
    internal static void Add(RouteSocket route, Attachment attachment, int bridge)
    {
        var request = attachment.Request;
        using var container = NetworkNamespace.Open(request.NamespacePath!);
        AddPair(route, attachment, bridge, container);
        if (PortChange(attachment) is { } change)
        {
            route.Change(route.FindLink(attachment.HostLink)!.Index, change);
        }

        container.Run(() => Configure(attachment));
        Settle(route, attachment, bridge);
    }

    /// <summary>
    /// Has the kernel carry on now what it does after a link came up, which else takes its time, and costs the first packet and the second
    /// until it is sent again: to be asked for a link is what makes it (rtnl_getlink, from Linux 6.8 on).
    /// </summary>
    private static void Settle(RouteSocket route, Attachment attachment, int bridge)
    {
        // The port first: with the first port that forwards the bridge itself comes up.
        route.FindLink(attachment.HostLink);
        route.FindLink(bridge);
    }

    /// <summary>Makes a pair that is there a port of the bridge again.</summary>
    internal static void JoinBridge(RouteSocket route, Attachment attachment, int link, int bridge) =>
        route.Change(link, (PortChange(attachment) ?? new()) with { Master = bridge, IsUp = true });

    private static LinkChange? PortChange(Attachment attachment)
    {
        var isHairpin = IsBridgeFiltered();
        var isIsolated = !BridgeOptions.Parse(attachment.Network.Options).AreContainersConnected;
        return isHairpin || isIsolated ? new() { IsHairpin = isHairpin ? true : null, IsIsolated = isIsolated ? true : null } : null;
    }

    // Bridged packets then pass the firewall as routed ones do, and do not come back by the port that sent them.
    private static bool IsBridgeFiltered() =>
        Sysctl.TryRead("bridge/bridge-nf-call-iptables") == "1" || Sysctl.TryRead("bridge/bridge-nf-call-ip6tables") == "1";

    private static void AddPair(RouteSocket route, Attachment attachment, int bridge, NetworkNamespace container)
    {
        var pair = new VethRequest
        {
            Name = attachment.HostLink,
            Master = bridge,
            Mtu = attachment.Network.Mtu,
            IsUp = true,
            PeerName = attachment.Request.Interface,
            PeerMacAddress = attachment.MacAddress,
            PeerNamespace = container,
        };
        try
        {
            route.AddVeth(pair);
        }
        catch (LinuxException e) when (e.Errno == Errno.EEXIST)
        {
            // What a killed attempt left has our name. It is not the container's own link that is in the way, then.
            if (!route.Remove(attachment.HostLink))
            {
                throw new DriverException(
                    $"{attachment}: it has a link {attachment.Request.Interface} already", DriverErrorKind.InUse, "interface", e);
            }

            route.AddVeth(pair);
        }
    }

    // In the container's namespace.
    private static void Configure(Attachment attachment)
    {
        var (request, name) = (attachment.Request, attachment.Request.Interface);
        var hasIPv6 = BridgeLink.HasIPv6(attachment.Network);

        // Before the link is up: nobody else gives it addresses or routes.
        if (hasIPv6)
        {
            Sysctl.TryWrite($"ipv6/conf/{name}/accept_dad", "0");
            Sysctl.TryWrite($"ipv6/conf/{name}/accept_ra", "0");
        }
        else
        {
            Sysctl.TryWrite($"ipv6/conf/{name}/disable_ipv6", "1");
        }

        using var route = RouteSocket.Open();
        var index = route.FindLink(name)!.Index;
        foreach (var address in request.Addresses)
        {
            route.AddAddress(index, InterfaceAddress.Parse(address), AddressFlags.NoDuplicateDetection);
        }

        route.Change(index, new() { IsUp = true });
        route.FindLink(index); // as in Settle
        if (request.IsDefaultRoute && !attachment.Network.IsInternal)
        {
            foreach (var gateway in attachment.Gateways)
            {
                route.AddRoute(new() { Gateway = System.Net.IPAddress.Parse(gateway), Index = index });
            }
        }
    }
}
