using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>The routes of the main table.</summary>
public sealed partial class RouteSocket
{
    /// <exception cref="LinuxException">EEXIST: there is such a route; ENETUNREACH: its gateway is on no link that is up.</exception>
    public void AddRoute(Route route)
    {
        var scope = route is { Gateway: null, Type: RouteType.Unicast, IsIPv6: false }
            ? RouteConstants.RT_SCOPE_LINK
            : RouteConstants.RT_SCOPE_UNIVERSE;
        var request = RouteRequest(
            stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_NEWROUTE, Creation, route, RouteConstants.RTPROT_STATIC, scope);
        _kernel.Perform(request, "add route", route);
    }

    /// <summary>Removes a route of this destination, and of the gateway, link and metric if said; false when there is none.</summary>
    public bool RemoveRoute(Route route)
    {
        var request = RouteRequest(
            stackalloc byte[NetlinkRequest.Capacity],
            RouteConstants.RTM_DELROUTE,
            RouteConstants.NLM_F_ACK,
            route,
            0,
            RouteConstants.RT_SCOPE_NOWHERE);
        return _kernel.PerformIfThere(request, "remove route", route, Errno.ESRCH);
    }

    /// <summary>Of IPv4, then of IPv6. A route with several ways is there once for each.</summary>
    public IReadOnlyList<Route> Routes()
    {
        var routes = RoutesOf(Libc.AF_INET);
        routes.AddRange(RoutesOf(Libc.AF_INET6));
        return routes;
    }

    private static NetlinkRequest RouteRequest(Span<byte> buffer, ushort type, ushort flags, Route route, byte protocol, byte scope)
    {
        var request = new NetlinkRequest(buffer, type, flags);
        request.Put(new RoutePart
        {
            Family = route.Family,
            DestinationPrefix = (byte)(route.Destination?.PrefixLength ?? 0),
            Table = RouteConstants.RT_TABLE_MAIN,
            Protocol = protocol,
            Scope = scope,
            Type = route.Type,
            Flags = route.IsOnLink ? RouteConstants.RTNH_F_ONLINK : 0,
        });
        if (route.Destination is { PrefixLength: > 0 } destination)
        {
            PutAddress(ref request, RouteConstants.RTA_DST, destination.BaseAddress);
        }

        if (route.Gateway is { } gateway)
        {
            PutAddress(ref request, RouteConstants.RTA_GATEWAY, gateway);
        }

        if (route.Index is { } index)
        {
            request.Put(RouteConstants.RTA_OIF, index);
        }

        if (route.Source is { } source)
        {
            PutAddress(ref request, RouteConstants.RTA_PREFSRC, source);
        }

        if (route.Metric is { } metric)
        {
            request.Put(RouteConstants.RTA_PRIORITY, metric);
        }

        return request;
    }

    private List<Route> RoutesOf(int family)
    {
        var request = new NetlinkRequest(
            stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_GETROUTE, RouteConstants.NLM_F_DUMP);
        request.Put(new RoutePart { Family = (byte)family, Table = RouteConstants.RT_TABLE_MAIN });

        // A namespace has no main table before its first route.
        var routes = _kernel.Read<Route, string>(request, Route.Read, "list", "routes", Errno.ENOENT);
        routes.RemoveAll(route => route.Family != family); // a kernel without IPv6 answers with what it has
        return routes;
    }
}
