namespace PsContainers.Linux.Netlink;

/// <summary>A pair of links that is made in one step, the peer right where it belongs. veth(4)</summary>
public sealed record VethRequest
{
    public required string Name { get; init; }

    /// <summary>Index of the bridge that it becomes a port of.</summary>
    public int? Master { get; init; }

    public string? MacAddress { get; init; }

    /// <summary>Of both ends.</summary>
    public int? Mtu { get; init; }

    /// <summary>The peer is down in any case: the kernel cannot bring it up before it has its other end.</summary>
    public bool IsUp { get; init; }

    public required string PeerName { get; init; }

    public string? PeerMacAddress { get; init; }

    /// <summary>Null leaves the peer in the namespace of the socket.</summary>
    public NetworkNamespace? PeerNamespace { get; init; }
}
