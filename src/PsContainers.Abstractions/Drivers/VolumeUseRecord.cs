namespace PsContainers.Drivers;

/// <summary>What the engine kept of a use, for its end.</summary>
public sealed record VolumeUseRecord
{
    public required VolumeUse Use { get; init; }

    /// <summary>Null when the mount was never reported done: all, some or nothing of it may be there.</summary>
    public VolumeMountResult? Result { get; init; }
}
