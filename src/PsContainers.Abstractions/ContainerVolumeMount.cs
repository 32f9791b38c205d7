namespace PsContainers;

/// <summary>A volume whose files can be seen on the host.</summary>
public sealed record ContainerVolumeMount
{
    public required string Volume { get; init; }

    public required string VolumeId { get; init; }

    public required string Path { get; init; }

    public override string ToString() => Path;
}
