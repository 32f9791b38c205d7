namespace PsContainers;

/// <summary>What a container sees of the network.</summary>
public enum NetworkMode
{
    /// <summary>A network of its own that holds the loopback link only.</summary>
    None = 0,

    /// <summary>The host's links, addresses and name servers.</summary>
    Host = 1,
}
