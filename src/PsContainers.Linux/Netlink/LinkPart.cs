using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>struct ifinfomsg, the fixed part of a request about a link. rtnetlink(7)</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinkPart
{
    internal byte Family;
    internal ushort HardwareType;
    internal int Index;
    internal uint Flags;

    /// <summary>Which of the flags are meant.</summary>
    internal uint Change;

    internal static LinkPart For(int index, bool? isUp) => new()
    {
        Index = index,
        Flags = isUp == true ? RouteConstants.IFF_UP : 0,
        Change = isUp is null ? 0 : RouteConstants.IFF_UP,
    };
}
