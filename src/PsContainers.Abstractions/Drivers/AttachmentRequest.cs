namespace PsContainers.Drivers;

/// <summary>A container that is to be attached to a network.</summary>
public sealed record AttachmentRequest
{
    /// <summary>64 hexadecimal digits. A container is attached to a network at most once.</summary>
    public required string ContainerId { get; init; }

    public required string ContainerName { get; init; }

    public required NetworkDefinition Network { get; init; }

    /// <summary>
    /// The container's network namespace, a path for setns(2) that is good for the time of the call. Null in a detachment when the
    /// namespace is gone, and all links in it with it.
    /// </summary>
    public string? NamespacePath { get; init; }

    /// <summary>The name of the link inside the container: <c>eth0</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>
    /// One for each subnet, with its prefix: <c>10.90.0.2/24</c>. The engine gives them to nobody else until the detachment.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary><c>02:42:0a:5a:00:02</c>; null leaves it to the driver.</summary>
    public string? MacAddress { get; init; }

    /// <summary>What the container is called by others on this network: its name, the beginning of its id, and aliases.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>The container's way to everywhere else leads through this network.</summary>
    public bool IsDefaultRoute { get; init; }

    /// <summary>No other container has these; each has a host port.</summary>
    public IReadOnlyList<PortMapping> Ports { get; init; } = [];

    /// <summary>Name servers for what this network's own names do not answer: the host's, or those a user gave.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];
}
