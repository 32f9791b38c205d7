namespace PsContainers.Linux.Netlink;

/// <summary>What becomes of a packet that a route is for. rtnetlink(7), RTN_*</summary>
public enum RouteType : byte
{
    /// <summary>It goes on its way.</summary>
    Unicast = 1,
    Local = 2,
    Broadcast = 3,
    Anycast = 4,
    Multicast = 5,

    /// <summary>It is dropped without a word.</summary>
    Blackhole = 6,
    Unreachable = 7,
    Prohibit = 8,
    Throw = 9,
}
