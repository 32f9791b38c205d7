namespace PsContainers.Drivers;

/// <summary>Where a volume's files can be seen.</summary>
public sealed record VolumeMountResult
{
    /// <summary>A directory of this host, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>The driver's own, at most 64 KiB.</summary>
    public string? State { get; init; }
}
