using System.Net;
using System.Net.Sockets;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan;

/// <summary>Checks what a user wants of a network, and fills in what he left open. Pure.</summary>
internal static class NetworkDefiner
{
    private const int SmallestMtu = 68; // RFC 791
    private const int SmallestMtuOfIPv6 = 1280; // RFC 8200
    private const int Loopback = 1; // LOOPBACK_IFINDEX, the first link of every namespace

    /// <param name="links">The host's.</param>
    /// <param name="routes">The host's.</param>
    internal static NetworkDefinition Define(
        NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others, IReadOnlyList<Link> links, IReadOnlyList<Route> routes)
    {
        var options = MacvlanOptions.Parse(wanted.Options);
        var parent = ParentOf(wanted, options, links, routes);
        if (wanted.Vlan is { } vlan && vlan is < 1 or > 4094)
        {
            throw Refused("vlan", $"VLAN {vlan} is out of range: 1 to 4094");
        }

        CheckSharing(wanted, options, parent, others);
        CheckSubnets(wanted, others);
        CheckMtu(wanted, parent);
        return wanted with
        {
            Interface = parent.Name,
            HasIPv6 = wanted.Subnets.Any(subnet => IsIPv6(IPNetwork.Parse(subnet.Subnet))),
            HasNames = false, // nothing of this host hears what a container asks its neighbors
            Options = new Dictionary<string, string>(wanted.Options) { [MacvlanOptions.Parent] = parent.Name },
        };
    }

    internal static bool IsIPv6(IPNetwork subnet) => subnet.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6;

    private static Link ParentOf(
        NetworkDefinition wanted, MacvlanOptions options, IReadOnlyList<Link> links, IReadOnlyList<Route> routes)
    {
        const string field = "interface";
        if (wanted.Interface is { } one && options.ParentLink is { } other && one != other)
        {
            throw Refused(field, $"interface {one} and option {MacvlanOptions.Parent} {other} differ: a network has one parent");
        }

        Link parent;
        if ((wanted.Interface ?? options.ParentLink) is { } name)
        {
            parent = links.FirstOrDefault(link => link.Name == name) ?? throw Refused(field, $"the host has no link {name}");
        }
        else
        {
            // IPv4 before IPv6, as the list is; the lowest metric wins.
            var ways = routes.Where(route => route is { Destination: null, Type: RouteType.Unicast, Index: not null });
            parent = ways.OrderBy(route => route.IsIPv6).ThenBy(route => route.Metric ?? 0)
                .Select(route => links.FirstOrDefault(link => link.Index == route.Index))
                .FirstOrDefault(link => link is not null)
                ?? throw Refused(field, "the host has no default route whose link could be the parent; name one (interface)");
        }

        return parent switch
        {
            { Index: Loopback } => throw Refused(field, $"link {parent.Name} is the loopback, and can't be a parent"),
            { Master: not 0 } => throw Refused(
                field,
                $"link {parent.Name} is a port of link {links.FirstOrDefault(link => link.Index == parent.Master)?.Name ?? "another"}, and "
                    + "can't be a parent; that one may be"),
            _ => parent,
        };
    }

    // The kernel lets a link that is passed through have no second one on top.
    private static void CheckSharing(NetworkDefinition wanted, MacvlanOptions options, Link parent, IReadOnlyList<NetworkDefinition> others)
    {
        foreach (var other in others.Where(other =>
            other.Id != wanted.Id && other.Driver == wanted.Driver && other.Interface == parent.Name && other.Vlan == wanted.Vlan))
        {
            if (options.IsPassThrough || MacvlanOptions.Parse(other.Options).IsPassThrough)
            {
                throw new DriverException(
                    $"link {parent.Name} is the parent of network {other.Name}; in mode passthru a parent has one network",
                    DriverErrorKind.InUse,
                    "interface");
            }
        }
    }

    private static void CheckSubnets(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others)
    {
        if (wanted.Subnets.Count == 0)
        {
            throw Refused("subnets", "a macvlan network needs the subnet of what is on the wire, and a range in it that nobody else has");
        }

        var chosen = new List<IPNetwork>();
        foreach (var (i, definition) in wanted.Subnets.Index())
        {
            var field = $"subnets[{i}]";
            if (!IPNetwork.TryParse(definition.Subnet, out var subnet)
                || !InterfaceAddress.Parse(definition.Subnet).Address.Equals(subnet.BaseAddress))
            {
                throw Refused(
                    $"{field}.subnet",
                    $"'{definition.Subnet}' is no subnet, without a bit set behind the prefix; one reads 192.0.2.0/24 or 2001:db8::/64");
            }

            if (chosen.Any(other => IsIPv6(other) == IsIPv6(subnet)))
            {
                throw Refused($"{field}.subnet", $"subnet {subnet} is the second of its family; a macvlan network has one of each");
            }

            if (others.FirstOrDefault(other => other.Id != wanted.Id && other.Subnets.Any(found => Overlap(found, subnet))) is { } owner)
            {
                throw Refused($"{field}.subnet", $"subnet {subnet} overlaps one of network {owner.Name}");
            }

            if (definition.Gateway is { } gateway && !(IPAddress.TryParse(gateway, out var address) && subnet.Contains(address)))
            {
                throw Refused($"{field}.gateway", $"gateway {gateway} is no address in the subnet {subnet}");
            }

            chosen.Add(subnet);
        }

        if (wanted.HasIPv6 && !chosen.Exists(IsIPv6))
        {
            throw Refused("hasIPv6", "which IPv6 addresses are on the wire is not for the driver to choose; name a subnet");
        }
    }

    private static bool Overlap(SubnetDefinition definition, IPNetwork subnet) =>
        IPNetwork.TryParse(definition.Subnet, out var other)
        && IsIPv6(other) == IsIPv6(subnet)
        && (other.Contains(subnet.BaseAddress) || subnet.Contains(other.BaseAddress));

    private static void CheckMtu(NetworkDefinition wanted, Link parent)
    {
        var smallest = wanted.Subnets.Any(subnet => IsIPv6(IPNetwork.Parse(subnet.Subnet))) ? SmallestMtuOfIPv6 : SmallestMtu;
        if (wanted.Mtu is { } mtu && (mtu < smallest || mtu > parent.Mtu))
        {
            throw Refused("mtu", $"MTU {mtu} is out of range: {smallest} to {parent.Mtu}, which link {parent.Name} has");
        }
    }

    private static DriverException Refused(string field, string message) => new(message, DriverErrorKind.InvalidRequest, field);
}
