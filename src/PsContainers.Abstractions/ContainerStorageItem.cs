namespace PsContainers;

/// <summary>What sort of thing nothing needs.</summary>
public enum ContainerStorageItemKind
{
    Container,
    Image,

    /// <summary>What a session left that was killed.</summary>
    Abandoned,

    /// <summary>What was fetched of an image that did not come whole.</summary>
    Download,
}

/// <summary>Something in the store that nothing needs.</summary>
public sealed record ContainerStorageItem
{
    public required ContainerStorageItemKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>Of a container or image; empty for what was abandoned.</summary>
    public required string Id { get; init; }

    /// <summary>Bytes of its own files; layers that others need are not counted.</summary>
    public required long Size { get; init; }

    public override string ToString() => $"{Kind} {Name} ({Size} bytes)";
}
