using System.Net;
using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Planning;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Links;

/// <summary>The bridge of a network.</summary>
internal static class BridgeLink
{
    /// <summary>The group of all our bridges, by which another engine of this host knows them.</summary>
    internal const int Group = 28787;

    private const string VlanPrefix = "pl";

    /// <summary>Finds the bridge, or makes it. To be up is the last of it: one that is down is not done.</summary>
    /// <param name="isOurs">A record says that we made, or were about to make, a bridge of this name.</param>
    /// <param name="isConfiguredAgain">Also when it seems done.</param>
    /// <returns>Its index.</returns>
    internal static int Ensure(RouteSocket route, NetworkDefinition network, bool isOurs, bool isConfiguredAgain = false)
    {
        var name = network.Interface!;
        var link = route.FindLink(name);
        if (link is not null && (!isOurs || link.Kind != "bridge"))
        {
            throw new DriverException(
                $"link {name} of network {network.Name} is there already, and none that this driver made; "
                    + $"'ip link delete {name}' removes it",
                DriverErrorKind.InUse,
                "network.interface");
        }

        if (link is { IsUp: true } && !isConfiguredAgain)
        {
            return link.Index;
        }

        if (link is null)
        {
            RefuseOverlap(route, network);
        }

        // A bridge without an address of its own takes the least of its ports', and changes it as they come and go.
        var index = link?.Index ?? route.AddBridge(name, mac: MacOf(network), mtu: network.Mtu);
        Configure(route, network, index);
        return index;
    }

    /// <summary>Removes the bridge, if there is one, and what is left of our pairs at it.</summary>
    /// <exception cref="DriverException">Somebody made a port of it that is none of ours.</exception>
    internal static void Remove(RouteSocket route, NetworkDefinition network)
    {
        if (route.FindLink(network.Interface!) is { Kind: "bridge" } bridge)
        {
            var ports = route.Links(bridge.Index).Where(port => port.Name != VlanNameOf(network)).ToList();
            if (ports.FirstOrDefault(port => !Attachment.IsHostLink(port.Name)) is { } foreign)
            {
                throw new DriverException(
                    $"bridge {bridge.Name} of network {network.Name} stays: link {foreign.Name} is a port of it, and none of ours",
                    DriverErrorKind.InUse);
            }

            foreach (var port in ports)
            {
                LinkRemoval.Remove(route, port.Name);
            }

            LinkRemoval.Remove(route, bridge.Name);
        }

        if (network.Vlan is not null)
        {
            route.Remove(VlanNameOf(network));
        }
    }

    /// <summary>The addresses that the bridge must have, with prefixes.</summary>
    internal static IEnumerable<InterfaceAddress> AddressesOf(NetworkDefinition network) => network.Subnets.Select(subnet =>
        InterfaceAddress.Parse(subnet.Gateway + subnet.Subnet[subnet.Subnet.IndexOf('/', StringComparison.Ordinal)..]));

    /// <summary>The settings that the bridge must have, by name.</summary>
    internal static IEnumerable<(string Name, string Value)> SettingsOf(NetworkDefinition network)
    {
        var name = network.Interface!;
        if (!network.IsInternal)
        {
            // A published port of 127.0.0.1: what is sent from there leaves by this link. The firewall keeps out what comes in by it.
            yield return ($"ipv4/conf/{name}/route_localnet", "1");
        }

        // Neighbors of the bridge are asked by its fe80::, which nobody else has: not to ask around for it saves a second without IPv6.
        yield return ($"ipv6/conf/{name}/accept_dad", "0");
        yield return ($"ipv6/conf/{name}/accept_ra", "0");
        yield return ($"ipv6/conf/{name}/disable_ipv6", HasIPv6(network) ? "0" : "1");
    }

    internal static bool HasIPv6(NetworkDefinition network) =>
        network.Subnets.Any(subnet => subnet.Subnet.Contains(':', StringComparison.Ordinal));

    // Another engine of this host knows nothing of our networks while no container is on them, and its may have the same addresses.
    private static void RefuseOverlap(RouteSocket route, NetworkDefinition network)
    {
        var own = network.Subnets.Select(subnet => IPNetwork.Parse(subnet.Subnet)).ToList();
        foreach (var (index, address) in route.Addresses().Select(found => (found.Index, found.Address)))
        {
            var taken = Subnets.Of(address.Address, address.Prefix);
            if (own.Exists(subnet => subnet.Overlaps(taken)) && route.FindLink(index) is { Group: Group } other)
            {
                throw new DriverException(
                    $"subnet {taken} of network {network.Name} is in use by link {other.Name} of another engine on this host; "
                        + "a network that is made anew gets another",
                    DriverErrorKind.InUse,
                    "network.subnets");
            }
        }
    }

    private static void Configure(RouteSocket route, NetworkDefinition network, int index)
    {
        foreach (var (name, value) in SettingsOf(network))
        {
            Sysctl.TryWrite(name, value);
        }

        var present = route.Addresses(index).Select(address => address.Address).ToHashSet();
        foreach (var address in AddressesOf(network).Where(address => !present.Contains(address)))
        {
            route.AddAddress(index, address, AddressFlags.NoDuplicateDetection);
        }

        if (network.Vlan is { } vlan)
        {
            AddVlanPort(route, network, index, vlan);
        }

        route.Change(index, new() { IsUp = true, Mtu = network.Mtu, Group = Group });
    }

    private static void AddVlanPort(RouteSocket route, NetworkDefinition network, int bridge, int vlan)
    {
        var parentName = BridgeOptions.Parse(network.Options).ParentLink!;
        var parent = route.FindLink(parentName)
            ?? throw new DriverException($"link {parentName}, parent of network {network.Name}, is not there", DriverErrorKind.Unavailable);
        var name = VlanNameOf(network);
        try
        {
            var index = route.FindLink(name)?.Index ?? route.AddVlan(name, parent.Index, vlan);
            route.Change(index, new() { Master = bridge, IsUp = true });
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            throw new DriverException(
                $"VLAN {vlan} of network {network.Name}: this kernel has no VLANs (module 8021q)", DriverErrorKind.Unavailable, cause: e);
        }
    }

    private static string VlanNameOf(NetworkDefinition network) => VlanPrefix + network.Id[..12];

    private static string MacOf(NetworkDefinition network) => network.Subnets.Count > 0
        ? MacAddress.Of(System.Net.IPAddress.Parse(network.Subnets[0].Gateway!))
        : throw new DriverException($"network {network.Name} has no subnet", DriverErrorKind.InvalidRequest, "network.subnets");
}
