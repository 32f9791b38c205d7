using System.Net;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Definition;

/// <summary>What a subnet that a user named must be.</summary>
internal static class SubnetRules
{
    private static readonly IPNetwork[] _special =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("224.0.0.0/3"),
        IPNetwork.Parse("::/96"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("ff00::/8"),
    ];

    /// <summary>Reads the subnet of <c>subnets[index]</c>, and refuses what no network can have.</summary>
    internal static IPNetwork Parse(string text, int index)
    {
        var field = $"subnets[{index}].subnet";
        if (!Subnets.TryParse(text, out var address, out var prefix))
        {
            throw Refused(field, $"'{text}' is no subnet; one reads 10.90.0.0/24 or fd00:90::/64");
        }

        var subnet = Subnets.Of(address, prefix);
        if (!subnet.BaseAddress.Equals(address))
        {
            throw Refused(field, $"subnet {text} has bits set behind its prefix; the subnet of this address is {subnet}");
        }

        var longest = subnet.IsIPv6() ? 126 : 30;
        if (prefix > longest)
        {
            throw Refused(field, $"subnet {text} has no room for a gateway and a container; the longest prefix is {longest}");
        }

        if (_special.FirstOrDefault(special => special.Overlaps(subnet)) is { PrefixLength: > 0 } taken)
        {
            throw Refused(field, $"subnet {text} cannot be given to containers: {taken} has a meaning of its own");
        }

        return subnet;
    }

    /// <summary>Fills in the gateway, and checks that it and the range lie within the subnet.</summary>
    internal static SubnetDefinition Complete(SubnetDefinition wanted, IPNetwork subnet, int index)
    {
        if (wanted.Range is { } range)
        {
            CheckRange(range, subnet, $"subnets[{index}].range");
        }

        if (wanted.Gateway is not { } text)
        {
            return wanted with { Subnet = $"{subnet}", Gateway = $"{subnet.First()}" };
        }

        var field = $"subnets[{index}].gateway";
        if (!Subnets.TryParseAddress(text, out var gateway))
        {
            throw Refused(field, $"'{text}' is no address for a gateway");
        }

        if (!subnet.Contains(gateway))
        {
            throw Refused(field, $"gateway {text} lies outside of the subnet {subnet}");
        }

        return subnet.IsReserved(gateway)
            ? throw Refused(field, $"gateway {text} is no host's address in the subnet {subnet}")
            : wanted with { Subnet = $"{subnet}", Gateway = $"{gateway}" };
    }

    private static void CheckRange(string text, IPNetwork subnet, string field)
    {
        if (AddressRange.TryParse(text) is not { } range)
        {
            throw Refused(field, $"'{text}' is no range; one reads 10.90.0.128/25 or 10.90.0.100-10.90.0.199");
        }

        if (!subnet.Contains(range.First) || !subnet.Contains(range.Last))
        {
            throw Refused(field, $"range {text} lies outside of the subnet {subnet}");
        }

        if (range.First.Equals(range.Last) && subnet.IsReserved(range.First))
        {
            throw Refused(field, $"range {text} has no host's address in the subnet {subnet}");
        }
    }

    private static DriverException Refused(string field, string message) => new(message, DriverErrorKind.InvalidRequest, field);
}
