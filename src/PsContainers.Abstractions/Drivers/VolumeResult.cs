namespace PsContainers.Drivers;

/// <summary>What a driver made of a volume.</summary>
public sealed record VolumeResult
{
    /// <summary>
    /// The directory of this host that holds the files at any time, absolute. Null when they have to be mounted first
    /// (<see cref="IVolumeMounter"/>).
    /// </summary>
    public string? Path { get; init; }

    /// <summary>The driver's own, at most 64 KiB.</summary>
    public string? State { get; init; }
}
