namespace PsContainers.Engine.Networks;

/// <summary>Where a container's network namespace comes from. The numbers are kept in the store.</summary>
internal enum NetworkMode
{
    /// <summary>A namespace of its own that holds the loopback link only.</summary>
    None = 0,

    /// <summary>The host's links, addresses and name servers.</summary>
    Host = 1,

    /// <summary>A namespace of its own, attached to networks.</summary>
    Networks = 2,

    /// <summary>Another container's.</summary>
    Container = 3,

    /// <summary>One that somebody else made, by path.</summary>
    Path = 4,
}
