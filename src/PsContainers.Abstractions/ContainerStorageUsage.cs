namespace PsContainers;

/// <summary>How much one sort of things takes in the store.</summary>
public sealed record ContainerStorageUsage
{
    /// <summary>
    /// Images (unpacked layers), Archives (what they came as), Containers (what they wrote and logged), Volumes, Downloads, Abandoned.
    /// </summary>
    public required string Kind { get; init; }

    public required int Count { get; init; }

    /// <summary>How many are in use: images by containers, containers by running.</summary>
    public required int Active { get; init; }

    /// <summary>Bytes of files.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes that removing what is not in use would free.</summary>
    public required long Reclaimable { get; init; }
}
