using System.Runtime.InteropServices;

namespace PsContainers.Linux.Netlink;

/// <summary>struct rtmsg, the fixed part of a request about a route. rtnetlink(7)</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RoutePart
{
    internal byte Family;
    internal byte DestinationPrefix;
    internal byte SourcePrefix;
    internal byte TypeOfService;
    internal byte Table;
    internal byte Protocol;
    internal byte Scope;
    internal RouteType Type;
    internal uint Flags;
}
