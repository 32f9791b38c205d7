using System.Net.Sockets;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Firewall;

/// <summary>What the table knows of a network.</summary>
internal static class NetworkElements
{
    internal static IReadOnlyList<FirewallElement> Of(NetworkDefinition network)
    {
        var options = BridgeOptions.Parse(network.Options);
        var link = network.Interface!;
        var elements = new List<FirewallElement>
        {
            new("bridges", link),
            new(options.AreContainersConnected ? "pairs" : "apart", $"{link} . {link}"),
        };
        if (options.IsIsolated)
        {
            elements.Add(new("isolated", link));
        }

        foreach (var subnet in network.Subnets)
        {
            elements.Add(new(subnet.Subnet.Contains(':', StringComparison.Ordinal) ? "subnets6" : "subnets4", $"{link} . {subnet.Subnet}"));
        }

        if (network.IsInternal)
        {
            elements.Add(new("internal", link));
            return elements;
        }

        if (options.IsMasqueraded)
        {
            elements.Add(new("masqueraded", link));
        }

        foreach (var address in options.HostAddresses)
        {
            elements.Add(new(address.AddressFamily == AddressFamily.InterNetwork ? "sources4" : "sources6", link, $"{address}"));
        }

        return elements;
    }
}
