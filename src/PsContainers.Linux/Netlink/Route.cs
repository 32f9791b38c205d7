using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>A route of the main table. ip-route(8)</summary>
public sealed record Route
{
    /// <summary>Null is everywhere: the default route.</summary>
    public IPNetwork? Destination { get; init; }

    /// <summary>Who passes it on; null when the destination is on the link itself.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The link that it leaves by; null leaves that to the gateway.</summary>
    public int? Index { get; init; }

    /// <summary>The sender's address where a program has not chosen one.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The lowest wins; null is the kernel's choice, and in a removal any.</summary>
    public uint? Metric { get; init; }

    public RouteType Type { get; init; } = RouteType.Unicast;

    /// <summary>The gateway is on the link although no address of the link says so.</summary>
    public bool IsOnLink { get; init; }

    /// <summary>IPv6, which is to be said only of a route without an address that says it: the default route by a link.</summary>
    public bool IsIPv6
    {
        get => field || (Destination?.BaseAddress ?? Gateway ?? Source)?.AddressFamily == AddressFamily.InterNetworkV6;
        init;
    }

    internal byte Family => (byte)(IsIPv6 ? Libc.AF_INET6 : Libc.AF_INET);

    /// <summary>As `ip route` writes it: <c>default via 10.90.0.1</c>.</summary>
    public override string ToString() =>
        (Type == RouteType.Unicast ? "" : $"{Type.ToString().ToLowerInvariant()} ")
        + (Destination is { } network ? $"{network}" : "default")
        + (Gateway is null ? "" : $" via {Gateway}")
        + (Index is { } index ? $" by link {index}" : "");

    internal static unsafe void Read(NetlinkMessage message, List<Route> found)
    {
        if (message.Type != RouteConstants.RTM_NEWROUTE || !MemoryMarshal.TryRead<RoutePart>(message.Body, out var part)
            || (part.Flags & RouteConstants.RTM_F_CLONED) != 0)
        {
            return;
        }

        uint table = part.Table; // a number above 255 is in an attribute
        uint? metric = null;
        int? index = null;
        IPAddress? destination = null, gateway = null, source = null;
        ReadOnlySpan<byte> hops = default;
        var attributes = message.Attributes(sizeof(RoutePart));
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case RouteConstants.RTA_TABLE:
                    table = attributes.Read<uint>();
                    break;
                case RouteConstants.RTA_DST:
                    destination = AddressOf(attributes.Value);
                    break;
                case RouteConstants.RTA_GATEWAY:
                    gateway = AddressOf(attributes.Value);
                    break;
                case RouteConstants.RTA_PREFSRC:
                    source = AddressOf(attributes.Value);
                    break;
                case RouteConstants.RTA_OIF:
                    index = attributes.Read<int>();
                    break;
                case RouteConstants.RTA_PRIORITY:
                    metric = attributes.Read<uint>();
                    break;
                case RouteConstants.RTA_MULTIPATH:
                    hops = attributes.Value;
                    break;
            }
        }

        if (table != RouteConstants.RT_TABLE_MAIN)
        {
            return;
        }

        var route = new Route
        {
            Destination = destination is null ? null : new IPNetwork(destination, part.DestinationPrefix),
            Gateway = gateway,
            Index = index,
            Source = source,
            Metric = metric,
            Type = part.Type,
            IsOnLink = (part.Flags & RouteConstants.RTNH_F_ONLINK) != 0,
            IsIPv6 = part.Family == Libc.AF_INET6 && (destination ?? gateway ?? source) is null,
        };
        if (hops.IsEmpty)
        {
            found.Add(route);
        }
        else
        {
            AddHops(route, hops, found);
        }
    }

    // One entry for each of several ways.
    private static unsafe void AddHops(Route route, ReadOnlySpan<byte> hops, List<Route> found)
    {
        while (MemoryMarshal.TryRead<NextHopPart>(hops, out var hop) && hop.Length >= sizeof(NextHopPart) && hop.Length <= hops.Length)
        {
            IPAddress? gateway = null;
            var attributes = new NetlinkAttributes(hops[sizeof(NextHopPart)..hop.Length]);
            while (attributes.MoveNext())
            {
                if (attributes.Type == RouteConstants.RTA_GATEWAY)
                {
                    gateway = AddressOf(attributes.Value);
                }
            }

            found.Add(route with
            {
                Index = hop.Index,
                Gateway = gateway,
                IsOnLink = (hop.Flags & RouteConstants.RTNH_F_ONLINK) != 0,
                IsIPv6 = gateway is null && route.IsIPv6 && (route.Destination?.BaseAddress ?? route.Source) is null,
            });
            hops = hops[Math.Min((hop.Length + 3) & ~3, hops.Length)..];
        }
    }

    private static IPAddress? AddressOf(ReadOnlySpan<byte> bytes) => bytes.Length is 4 or 16 ? new IPAddress(bytes) : null;
}
