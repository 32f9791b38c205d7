namespace PsContainers.Drivers;

/// <summary>What the engine kept of a volume.</summary>
public sealed record VolumeRecord
{
    public required VolumeDefinition Volume { get; init; }

    /// <summary>Null when the creation was never reported done: all, some or nothing of it may be there.</summary>
    public VolumeResult? Result { get; init; }
}
