namespace PsContainers.Drivers;

/// <summary>Somebody who is to use a volume.</summary>
public sealed record VolumeUse
{
    public required VolumeRecord Record { get; init; }

    /// <summary>64 hexadecimal digits: a container, or whoever has the volume mounted. A user has a volume at most once.</summary>
    public required string UserId { get; init; }
}
