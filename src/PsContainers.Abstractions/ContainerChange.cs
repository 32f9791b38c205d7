namespace PsContainers;

/// <summary>What became of a path.</summary>
public enum ContainerChangeKind
{
    Added,
    Modified,
    Deleted,
}

/// <summary>A path in which a container differs from its image, or an image from another.</summary>
public sealed record ContainerChange
{
    /// <summary>The container, or the image that was compared with the first.</summary>
    public required string Source { get; init; }

    public required ContainerChangeKind Kind { get; init; }

    /// <summary>From the root: <c>/etc/hosts</c>.</summary>
    public required string Path { get; init; }

    /// <summary>File, Directory, SymbolicLink, CharacterDevice, BlockDevice, Fifo or Socket; of a deleted path, what it was.</summary>
    public required string Type { get; init; }

    /// <summary>Bytes of a file; 0 for anything else.</summary>
    public required long Size { get; init; }

    public override string ToString() => $"{Kind} {Path}";
}
