namespace PsContainers;

/// <summary>Which image to bring from a registry.</summary>
public sealed record ImageReception
{
    /// <summary>As a user writes it: <c>debian:12</c>, <c>registry.example/team/app@sha256:…</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Operating system, architecture and variant: <c>linux/arm64/v8</c>. Null is what this machine runs.</summary>
    public string? Platform { get; init; }

    public RegistryAccess Access { get; init; } = new();
}
