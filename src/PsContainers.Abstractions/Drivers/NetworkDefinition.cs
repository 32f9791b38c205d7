namespace PsContainers.Drivers;

/// <summary>A network as its driver sees it; what a user left open is null until the driver has filled it in.</summary>
public sealed record NetworkDefinition
{
    /// <summary>64 hexadecimal digits, which no other network has.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Driver { get; init; }

    /// <summary>The engine gives each attachment one address of every subnet; none where the driver has addresses of its own.</summary>
    public IReadOnlyList<SubnetDefinition> Subnets { get; init; } = [];

    /// <summary>The user wants an IPv6 subnet, and leaves it to the driver which.</summary>
    public bool HasIPv6 { get; init; }

    /// <summary>Containers reach each other and the host, nothing beyond.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Containers find each other by name.</summary>
    public bool HasNames { get; init; }

    /// <summary>The host's link of this network: of a bridge the bridge, of macvlan its parent. At most 15 bytes.</summary>
    public string? Interface { get; init; }

    /// <summary>The largest packet in bytes.</summary>
    public int? Mtu { get; init; }

    /// <summary>1 to 4094. IEEE 802.1Q</summary>
    public int? Vlan { get; init; }

    /// <summary>What only this driver knows; it refuses names that it does not know.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();
}
