namespace PsContainers.Drivers;

/// <summary>How a container is attached.</summary>
public sealed record AttachmentResult
{
    /// <summary>The name of the link inside the container.</summary>
    public required string Interface { get; init; }

    /// <summary>The link outside that leads to it, where there is one.</summary>
    public string? HostInterface { get; init; }

    public string? MacAddress { get; init; }

    /// <summary>With prefixes. Those of the request, or the driver's own where the network has no subnets.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>Name servers that the container should ask before all others.</summary>
    public IReadOnlyList<string> NameServers { get; init; } = [];

    public IReadOnlyList<string> SearchDomains { get; init; } = [];

    /// <summary>The driver's own, at most 64 KiB.</summary>
    public string? State { get; init; }
}
