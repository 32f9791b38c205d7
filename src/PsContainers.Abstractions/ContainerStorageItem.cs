namespace PsContainers;

/// <summary>Something in the store that nothing needs.</summary>
public sealed record ContainerStorageItem
{
    /// <summary>Container, Image or Abandoned.</summary>
    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>Of a container or image; empty for what was abandoned.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes of its own files; layers that others need are not counted.</summary>
    public required long Size { get; init; }

    public override string ToString() => $"{Kind} {Name} ({Size} bytes)";
}
