using System.Runtime.InteropServices;

namespace PsContainers.Linux.Netlink;

/// <summary>struct nfgenmsg, the fixed part of a request about tracked connections.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ConntrackPart
{
    internal byte Family;
    internal byte Version;
    internal ushort ResourceId;
}
