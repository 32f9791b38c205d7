using System.Net;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan;

/// <summary>A container's link.</summary>
internal static class ContainerLink
{
    internal const string Kind = "macvlan";

    /// <summary>Makes it right where it belongs, so that no host ever has it; all of it, or nothing.</summary>
    /// <returns>Its MAC address.</returns>
    internal static string? Add(RouteSocket route, AttachmentRequest request, Link parent, string? mac)
    {
        using var container = Open(request);
        using var inside = RouteSocket.Open(container);
        var index = Make(route, inside, container, request, parent, mac);
        try
        {
            Configure(inside, container, request, index);
            return inside.FindLink(index)?.MacAddress;
        }
        catch (LinuxException)
        {
            inside.Remove(index);
            throw;
        }
    }

    /// <summary>False when it is not there.</summary>
    internal static bool Remove(AttachmentRequest request)
    {
        if (request.NamespacePath is null)
        {
            return false; // it has gone with its namespace
        }

        try
        {
            using var container = Open(request);
            using var inside = RouteSocket.Open(container);
            return inside.FindLink(request.Interface) is { Kind: Kind } link && inside.Remove(link.Index);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return false; // just now
        }
    }

    /// <summary>What is missing of it.</summary>
    internal static IEnumerable<string> Differences(AttachmentRequest request)
    {
        using var container = Open(request);
        using var inside = RouteSocket.Open(container);
        if (inside.FindLink(request.Interface) is not { Kind: Kind } link)
        {
            return [$"link {request.Interface} is missing"];
        }

        var present = inside.Addresses(link.Index).Select(address => address.Address).ToHashSet();
        var routes = inside.Routes();
        return
        [
            .. link.IsUp ? Array.Empty<string>() : [$"link {link.Name} is down"],
            .. AddressesOf(request).Where(address => !present.Contains(address))
                .Select(address => $"link {link.Name} lacks address {address}"),
            .. GatewaysOf(request).Where(gateway => !routes.Any(found => found.Destination is null && gateway.Equals(found.Gateway)))
                .Select(gateway => $"there is no default route via {gateway}"),
        ];
    }

    /// <summary>Adds what is missing of a link that is there; false when it is not.</summary>
    internal static bool TryMend(AttachmentRequest request)
    {
        using var container = Open(request);
        using var inside = RouteSocket.Open(container);
        if (inside.FindLink(request.Interface) is not { Kind: Kind } link)
        {
            return false;
        }

        Configure(inside, container, request, link.Index);
        return true;
    }

    private static int Make(
        RouteSocket route, RouteSocket inside, NetworkNamespace container, AttachmentRequest request, Link parent, string? mac)
    {
        var subject = $"container {request.ContainerName} on network {request.Network.Name}";
        var options = MacvlanOptions.Parse(request.Network.Options);
        if (request.Network.Mtu is { } mtu && mtu > parent.Mtu)
        {
            throw new DriverException(
                $"{subject}: link {parent.Name} has MTU {parent.Mtu}, less than the network's {mtu}", DriverErrorKind.Unavailable);
        }

        if (inside.FindLink(request.Interface) is not null)
        {
            throw new DriverException($"{subject}: it has a link {request.Interface} already", DriverErrorKind.InUse, "interface");
        }

        try
        {
            return route.AddMacvlan(request.Interface, parent.Index, options.LinkMode, container, mac, request.Network.Mtu);
        }
        catch (LinuxException e) when (e.Errno is Errno.EBUSY or Errno.EINVAL)
        {
            // The kernel's one answer to a second link where one is passed through, and to a parent that is a port of something.
            throw new DriverException(
                $"{subject}: link {parent.Name} takes no {(options.IsPassThrough ? "link that it is passed through to" : "further link")}: "
                    + e.Message,
                DriverErrorKind.InUse,
                "network.interface",
                e);
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            throw new DriverException($"{subject}: this kernel has no macvlan", DriverErrorKind.Unavailable, cause: e);
        }
    }

    // Also of one that has a part of it already.
    private static void Configure(RouteSocket inside, NetworkNamespace container, AttachmentRequest request, int index)
    {
        var name = request.Interface;
        var addresses = AddressesOf(request).ToList();
        var hasIPv6 = addresses.Exists(address => address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6);

        // Before the link is up: nobody on the wire gives it addresses or routes, and those who knew the address learn its new place.
        container.SetParameters(($"ipv4/conf/{name}/arp_notify", "1"));
        TrySet(
            container,
            ($"ipv6/conf/{name}/disable_ipv6", hasIPv6 ? "0" : "1"),
            ($"ipv6/conf/{name}/accept_ra", "0"),
            ($"ipv6/conf/{name}/ndisc_notify", "1"));
        var present = inside.Addresses(index).Select(address => address.Address).ToHashSet();
        foreach (var address in addresses.Where(address => !present.Contains(address)))
        {
            inside.AddAddress(index, address, AddressFlags.NoDuplicateDetection);
        }

        inside.Change(index, new() { IsUp = true });
        var routes = inside.Routes();
        foreach (var gateway in GatewaysOf(request))
        {
            if (!routes.Any(found => found.Destination is null && gateway.Equals(found.Gateway)))
            {
                inside.AddRoute(new() { Gateway = gateway, Index = index });
            }
        }
    }

    private static IEnumerable<InterfaceAddress> AddressesOf(AttachmentRequest request) => request.Addresses.Select(InterfaceAddress.Parse);

    private static IEnumerable<IPAddress> GatewaysOf(AttachmentRequest request) =>
        request.IsDefaultRoute && !request.Network.IsInternal
            ? request.Network.Subnets.Select(subnet => subnet.Gateway).OfType<string>().Select(IPAddress.Parse)
            : [];

    private static NetworkNamespace Open(AttachmentRequest request) => NetworkNamespace.Open(request.NamespacePath!);

    // This kernel may be without IPv6.
    private static void TrySet(NetworkNamespace container, params IReadOnlyList<(string File, string Value)> parameters)
    {
        try
        {
            container.SetParameters(parameters);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            // Then there is nothing to switch off.
        }
    }
}
