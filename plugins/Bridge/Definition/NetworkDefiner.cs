using System.Net;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Definition;

/// <summary>Checks what a user wants of a network, and fills in what he left open. Pure.</summary>
internal static class NetworkDefiner
{
    internal const string DefaultNetwork = "bridge";
    internal const string DefaultLink = "psc0";
    private const string LinkPrefix = "psc-";
    private const int SmallestMtu = 68; // RFC 791
    private const int SmallestMtuOfIPv6 = 1280; // RFC 8200
    private const int LargestMtu = 65535;

    internal static NetworkDefinition Define(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others, HostNetwork host)
    {
        var options = BridgeOptions.Parse(wanted.Options);
        if (wanted.Id.Length != 64 || !wanted.Id.All(char.IsAsciiHexDigitLower))
        {
            throw Refused("id", $"'{wanted.Id}' is no id of a network: that has 64 hexadecimal digits");
        }

        CheckVlan(wanted, options, host);
        var defined = wanted with { Interface = ChooseLink(wanted, others, host), Subnets = ChooseSubnets(wanted, others, host) };
        CheckMtu(defined);
        CheckHostAddresses(options, defined);
        return defined with { HasIPv6 = defined.Subnets.Any(subnet => IPNetwork.Parse(subnet.Subnet).IsIPv6()) };
    }

    private static string ChooseLink(NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others, HostNetwork host)
    {
        if (wanted.Interface is not { } name)
        {
            // Eight digits of the id at a time: the first are free unless somebody went to lengths.
            return Candidates(wanted).FirstOrDefault(candidate => Owner(candidate) is null)
                ?? throw new DriverException(
                    $"no name is free for the link of network {wanted.Name}", DriverErrorKind.Exhausted, "interface");
        }

        if (!LinkName.IsValid(name))
        {
            throw Refused("interface", $"'{name}' is no name for a link: {LinkName.Rule}");
        }

        return Owner(name) is { } owner
            ? throw new DriverException($"link {name} belongs to {owner}", DriverErrorKind.InUse, "interface")
            : name;

        string? Owner(string link) =>
            others.FirstOrDefault(other => other.Interface == link && other.Id != wanted.Id) is { } other ? $"network {other.Name}"
            : host.Links.Contains(link) ? "the host" : null;
    }

    private static IEnumerable<string> Candidates(NetworkDefinition wanted)
    {
        if (wanted.Name == DefaultNetwork)
        {
            yield return DefaultLink;
        }

        for (var start = 0; start < wanted.Id.Length; start += 8)
        {
            yield return string.Concat(LinkPrefix, wanted.Id.AsSpan(start, 8));
        }
    }

    private static IReadOnlyList<SubnetDefinition> ChooseSubnets(
        NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others, HostNetwork host)
    {
        var taken = Taken(wanted, others, host);
        var chosen = new List<(IPNetwork Subnet, SubnetDefinition Definition)>();
        foreach (var (i, definition) in wanted.Subnets.Index())
        {
            var subnet = SubnetRules.Parse(definition.Subnet, i);
            if (chosen.Any(other => other.Subnet.IsIPv6() == subnet.IsIPv6()))
            {
                throw Refused($"subnets[{i}].subnet", $"subnet {subnet} is the second of its family; a bridge network has one of each");
            }

            if (taken.FirstOrDefault(other => other.Subnet.Overlaps(subnet)) is { Owner: { } owner } found)
            {
                throw Refused($"subnets[{i}].subnet", $"subnet {subnet} overlaps {found.Subnet}, which belongs to {owner}");
            }

            chosen.Add((subnet, SubnetRules.Complete(definition, subnet, i)));
        }

        if (chosen.Count == 0)
        {
            Add(AddressPool.ChooseIPv4(wanted.Name == DefaultNetwork, IsFree));
        }

        if (wanted.HasIPv6 && !chosen.Any(subnet => subnet.Subnet.IsIPv6()))
        {
            Add(AddressPool.ChooseIPv6(wanted.Id, IsFree));
        }

        return [.. chosen.Select(subnet => subnet.Definition)];

        bool IsFree(IPNetwork subnet) => !taken.Any(other => other.Subnet.Overlaps(subnet));

        void Add(IPNetwork subnet) => chosen.Add((subnet, new() { Subnet = $"{subnet}", Gateway = $"{subnet.First()}" }));
    }

    private static List<(IPNetwork Subnet, string? Owner)> Taken(
        NetworkDefinition wanted, IReadOnlyList<NetworkDefinition> others, HostNetwork host)
    {
        var taken = new List<(IPNetwork, string?)>();
        foreach (var other in others.Where(other => other.Id != wanted.Id))
        {
            foreach (var definition in other.Subnets)
            {
                if (IPNetwork.TryParse(definition.Subnet, out var subnet))
                {
                    taken.Add((subnet, $"network {other.Name}"));
                }
            }
        }

        taken.AddRange(host.Subnets.Select(subnet => (subnet.Subnet, (string?)$"the host's link {subnet.Link}")));
        return taken;
    }

    private static void CheckMtu(NetworkDefinition network)
    {
        var hasIPv6 = network.Subnets.Any(subnet => IPNetwork.Parse(subnet.Subnet).IsIPv6());
        var smallest = hasIPv6 ? SmallestMtuOfIPv6 : SmallestMtu;
        if (network.Mtu is { } mtu && (mtu < smallest || mtu > LargestMtu))
        {
            throw Refused("mtu", $"MTU {mtu} is out of range: {smallest} to {LargestMtu}{(hasIPv6 ? " with IPv6" : "")}");
        }
    }

    private static void CheckVlan(NetworkDefinition wanted, BridgeOptions options, HostNetwork host)
    {
        if (wanted.Vlan is { } vlan && vlan is < 1 or > 4094)
        {
            throw Refused("vlan", $"VLAN {vlan} is out of range: 1 to 4094");
        }

        if (wanted.Vlan is null != options.ParentLink is null)
        {
            // The link itself as a port would take the host's own addresses off the wire.
            throw options.ParentLink is null
                ? Refused($"options.{BridgeOptions.Parent}", "a bridge with a VLAN needs option parent: the host's link that carries it")
                : Refused("vlan", $"option parent needs a VLAN: link {options.ParentLink} itself is never made a port of a bridge");
        }

        if (options.ParentLink is { } parent && !host.Links.Contains(parent))
        {
            throw Refused($"options.{BridgeOptions.Parent}", $"the host has no link {parent}");
        }
    }

    private static void CheckHostAddresses(BridgeOptions options, NetworkDefinition network)
    {
        const string field = $"options.{BridgeOptions.HostAddress}";
        if (options.HostAddresses.Count > 0 && network.IsInternal)
        {
            throw Refused(field, $"network {network.Name} is internal: nothing leaves it, from whatever address");
        }

        foreach (var address in options.HostAddresses)
        {
            if (!network.Subnets.Any(subnet => IPNetwork.Parse(subnet.Subnet).BaseAddress.AddressFamily == address.AddressFamily))
            {
                throw Refused(field, $"network {network.Name} has no subnet of the family of {address}");
            }
        }
    }

    private static DriverException Refused(string field, string message) => new(message, DriverErrorKind.InvalidRequest, field);
}
