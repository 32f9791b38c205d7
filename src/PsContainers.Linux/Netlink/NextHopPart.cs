using System.Runtime.InteropServices;

namespace PsContainers.Linux.Netlink;

/// <summary>struct rtnexthop, one of several ways that a route has. rtnetlink(7)</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NextHopPart
{
    internal ushort Length;
    internal byte Flags;
    internal byte Hops;
    internal int Index;
}
