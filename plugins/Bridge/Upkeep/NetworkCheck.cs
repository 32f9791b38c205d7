using System.Net;
using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Links;
using PsContainers.Bridge.Names;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.State;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Upkeep;

/// <summary>Compares what there is of a network with what should be. Changes nothing.</summary>
internal sealed class NetworkCheck(RunRecords records, TableListing table, Forwarding forwarding, NameRecords names)
{
    internal IReadOnlyList<string> Find(NetworkDefinition network, IReadOnlyList<Attachment> attachments, RouteSocket route) =>
    [
        .. Links(network, attachments, route),
        .. Records(network, attachments),
        .. Firewall(network, attachments),
        .. attachments.Count > 0 && !network.IsInternal ? Router(network) : [],
        .. network.HasNames ? names.Check(network, attachments) : [],
    ];

    /// <summary>The ports of a network's bridge that are ends of our pairs.</summary>
    internal static IEnumerable<Link> PairsOf(RouteSocket route, int bridge) =>
        route.Links(bridge).Where(link => link.Kind == "veth" && Attachment.IsHostLink(link.Name));

    private IEnumerable<string> Links(NetworkDefinition network, IReadOnlyList<Attachment> attachments, RouteSocket route)
    {
        var name = network.Interface!;
        var bridge = route.FindLink(name);
        if (attachments.Count == 0)
        {
            return bridge is { Kind: "bridge" } && records.HasNetwork(network.Id)
                ? [$"network {network.Name}: bridge {name} has no attachments"]
                : [];
        }

        if (bridge is not { Kind: "bridge" })
        {
            return [$"network {network.Name}: bridge {name} is missing"];
        }

        var expected = attachments.ToDictionary(attachment => attachment.HostLink);
        var ports = PairsOf(route, bridge.Index).ToDictionary(link => link.Name);
        return
        [
            .. BridgeItself(network, bridge, route),
            .. expected.Where(pair => !ports.ContainsKey(pair.Key)).Select(pair => route.FindLink(pair.Key) is null
                ? $"{pair.Value}: link {pair.Key} is missing"
                : $"{pair.Value}: link {pair.Key} is no port of bridge {name}"),
            .. ports.Values.Where(port => expected.ContainsKey(port.Name) && !port.IsUp)
                .Select(port => $"{expected[port.Name]}: link {port.Name} is down"),
            .. ports.Keys.Except(expected.Keys).Select(port => $"network {network.Name}: link {port} belongs to no attachment"),
        ];
    }

    private static IEnumerable<string> BridgeItself(NetworkDefinition network, Link bridge, RouteSocket route)
    {
        if (!bridge.IsUp)
        {
            yield return $"network {network.Name}: bridge {bridge.Name} is down";
        }

        if (network.Mtu is { } mtu && bridge.Mtu != mtu)
        {
            yield return $"network {network.Name}: bridge {bridge.Name} has MTU {bridge.Mtu}, not {mtu}";
        }

        if (bridge.Group != BridgeLink.Group)
        {
            yield return $"network {network.Name}: bridge {bridge.Name} is in group {bridge.Group}, not {BridgeLink.Group}";
        }

        var present = route.Addresses(bridge.Index).Select(address => $"{address.Address}").ToHashSet();
        foreach (var address in BridgeLink.AddressesOf(network).Where(address => !present.Contains($"{address}")))
        {
            yield return $"network {network.Name}: bridge {bridge.Name} lacks address {address}";
        }

        foreach (var (setting, value) in BridgeLink.SettingsOf(network))
        {
            if (Sysctl.TryRead(setting) is { } found && found != value)
            {
                yield return $"network {network.Name}: {setting} is {found}, not {value}";
            }
        }
    }

    private IEnumerable<string> Records(NetworkDefinition network, IReadOnlyList<Attachment> attachments)
    {
        var expected = attachments.Select(attachment => attachment.Request.ContainerId).ToHashSet();
        return
        [
            .. records.Attachments(network.Id).Where(id => !expected.Contains(id))
                .Select(id => $"network {network.Name}: container {id[..12]} is recorded, and belongs to no attachment"),
            .. attachments.Where(attachment => !records.HasAttachment(network.Id, attachment.Request.ContainerId)
                    || !records.ReadAttachment(network.Id, attachment.Request.ContainerId).ToHashSet().SetEquals(attachment.Elements))
                .Select(attachment => $"{attachment}: it is not recorded as it is"),
        ];
    }

    private IReadOnlyList<string> Firewall(NetworkDefinition network, IReadOnlyList<Attachment> attachments)
    {
        if (attachments.Count > 0 && table.Differences(forwarding.Guard) is { Count: > 0 } differences)
        {
            return differences;
        }

        var wanted = attachments.Count == 0
            ? []
            : NetworkElements.Of(network).Concat(attachments.SelectMany(attachment => attachment.Elements)).ToHashSet();
        var present = table.Elements().Where(element => IsOf(network, element)).ToHashSet();
        return
        [
            .. wanted.Except(present).Select(element => $"network {network.Name}: the firewall lacks {element}"),
            .. present.Except(wanted)
                .Select(element => $"network {network.Name}: the firewall has {element}, which belongs to no attachment"),
        ];
    }

    private static IEnumerable<string> Router(NetworkDefinition network)
    {
        if (!Forwarding.IsOn(ofIPv6: false))
        {
            yield return $"network {network.Name}: the host does not forward IPv4 ({Sysctl.IPv4Forwarding})";
        }

        if (BridgeLink.HasIPv6(network) && !Forwarding.IsOn(ofIPv6: true))
        {
            yield return $"network {network.Name}: the host does not forward IPv6 ({Sysctl.IPv6Forwarding})";
        }
    }

    // By the link's name, or by the container's address.
    private static bool IsOf(NetworkDefinition network, FirewallElement element)
    {
        var subject = (element.Value ?? element.Key).Split(" . ")[0];
        return element.Set[..^1] is "ports" or "bound" or "resolvers"
            ? IPAddress.TryParse(subject, out var address)
                && network.Subnets.Any(subnet => IPNetwork.Parse(subnet.Subnet).Contains(address))
            : element.Key.Split(" . ")[0] == network.Interface;
    }
}
