namespace PsContainers;

/// <summary>A network that a container is to be on, or is on.</summary>
public sealed record NetworkConnection
{
    /// <summary>
    /// A network's name, or a unique beginning of its id; <c>None</c>, <c>Host</c>, <c>Container:NAME</c> and <c>Ns:PATH</c> stand alone.
    /// </summary>
    public required string Network { get; init; }

    /// <summary>IPv4 and IPv6; chosen by the engine where none is given. With prefixes once the container runs.</summary>
    public IReadOnlyList<string> IPAddress { get; init; } = [];

    public string? MacAddress { get; init; }

    /// <summary>What others on the network call the container, beside its name.</summary>
    public IReadOnlyList<string> Alias { get; init; } = [];

    /// <summary>The link's name inside the container: <c>eth0</c>.</summary>
    public string? Interface { get; init; }

    /// <summary>Where the network leads elsewhere; known once the container runs.</summary>
    public IReadOnlyList<string> Gateway { get; init; } = [];

    public override string ToString() => Network;
}
