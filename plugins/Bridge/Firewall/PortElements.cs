using System.Net;
using System.Net.Sockets;

namespace PsContainers.Bridge.Firewall;

/// <summary>Published ports as elements: one for each family and each address.</summary>
internal static class PortElements
{
    /// <param name="addresses">The container's, without prefixes; at most one of each family.</param>
    internal static IReadOnlyList<FirewallElement> Of(IEnumerable<PortMapping> ports, IReadOnlyList<IPAddress> addresses)
    {
        var elements = new List<FirewallElement>();
        foreach (var port in ports)
        {
            var host = port.HostAddress is null ? null : IPAddress.Parse(port.HostAddress);
            foreach (var address in addresses)
            {
                if (host is null || host.AddressFamily == address.AddressFamily)
                {
                    elements.Add(Of(port, host, address));
                }
            }
        }

        return elements;
    }

    private static FirewallElement Of(PortMapping port, IPAddress? host, IPAddress address)
    {
        var isBound = host is not null && !host.Equals(IPAddress.Any) && !host.Equals(IPAddress.IPv6Any);
        var family = address.AddressFamily == AddressFamily.InterNetwork ? 4 : 6;
        var service = $"{port.Protocol} . {port.HostPort}";
        var target = $"{address} . {port.ContainerPort}";
        return isBound ? new($"bound{family}", $"{host} . {service}", target) : new($"ports{family}", service, target);
    }
}
