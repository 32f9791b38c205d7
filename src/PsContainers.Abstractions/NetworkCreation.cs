namespace PsContainers;

/// <summary>What to make a network from. What is not set is the driver's to choose.</summary>
public sealed record NetworkCreation
{
    public required string Name { get; init; }

    /// <summary>A plugin's name; the default driver when it is not set.</summary>
    public string? Driver { get; init; }

    /// <summary>In the order that containers get addresses: <c>10.90.0.0/24</c>, <c>fd00:90::/64</c>.</summary>
    public IReadOnlyList<string> Subnet { get; init; } = [];

    /// <summary>Each belongs to the subnet that it lies in.</summary>
    public IReadOnlyList<string> Gateway { get; init; } = [];

    /// <summary>As a subnet or as <c>first-last</c>; each belongs to the subnet that it lies in.</summary>
    public IReadOnlyList<string> Range { get; init; } = [];

    /// <summary>An IPv6 subnet too, which the driver chooses where none is given.</summary>
    public bool IPv6 { get; init; }

    public bool Internal { get; init; }

    /// <summary>No resolver for the names of containers.</summary>
    public bool WithoutNames { get; init; }

    public string? Interface { get; init; }

    public int? Mtu { get; init; }

    public int? Vlan { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
