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
            var family = subnet.Subnet.Contains(':', StringComparison.Ordinal) ? 6 : 4;
            elements.Add(new($"subnets{family}", $"{link} . {subnet.Subnet}"));
            if (network.HasNames)
            {
                elements.Add(new($"resolvers{family}", subnet.Gateway!));
            }
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
