using System.Runtime.InteropServices;

namespace PsContainers.Linux.Netlink;

/// <summary>struct ifaddrmsg, the fixed part of a request about an address. rtnetlink(7)</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AddressPart
{
    internal byte Family;
    internal byte Prefix;
    internal byte Flags;
    internal byte Scope;
    internal int Index;
}
