namespace PsContainers.Linux.Netlink;

/// <summary>Whom a macvlan link reaches among those of the same parent. ip-link(8)</summary>
public enum MacvlanMode : uint
{
    /// <summary>Nobody.</summary>
    Private = 1,

    /// <summary>Those that the switch outside sends its frames back to.</summary>
    Vepa = 2,
    Bridge = 4,

    /// <summary>The parent has this one link, which may do with it as it likes.</summary>
    PassThrough = 8,
}
