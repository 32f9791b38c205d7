namespace PsContainers;

/// <summary>A network as it was when it was asked for.</summary>
public sealed record ContainerNetwork
{
    /// <summary>The network of containers that ask for none; made when it is first needed.</summary>
    public const string DefaultName = "bridge";

    /// <summary>What containers that ask for no network get: what <c>PSCONTAINERS_NETWORK</c> says, or the default network.</summary>
    public static string Unasked =>
        Environment.GetEnvironmentVariable("PSCONTAINERS_NETWORK") is { Length: > 0 } named ? named : DefaultName;

    /// <summary>64 hexadecimal digits; any unique beginning names the network too.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Driver { get; init; }

    public required IReadOnlyList<ContainerSubnet> Subnet { get; init; }

    /// <summary>Containers reach each other, nothing beyond.</summary>
    public required bool Internal { get; init; }

    /// <summary>Containers find each other by name.</summary>
    public required bool Names { get; init; }

    /// <summary>The host's link of this network.</summary>
    public string? Interface { get; init; }

    /// <summary>The largest packet in bytes.</summary>
    public int? Mtu { get; init; }

    public int? Vlan { get; init; }

    public required IReadOnlyDictionary<string, string> Option { get; init; }

    public required IReadOnlyDictionary<string, string> Label { get; init; }

    public required DateTime Created { get; init; }

    /// <summary>The names of the containers that are attached.</summary>
    public required IReadOnlyList<string> Container { get; init; }

    public override string ToString() => Name;
}
