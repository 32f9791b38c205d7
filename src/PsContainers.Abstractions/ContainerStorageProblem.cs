namespace PsContainers;

/// <summary>What is wrong with something in the store.</summary>
public enum ContainerStorageProblemKind
{
    /// <summary>A file whose content is not what its name says.</summary>
    DamagedBlob,

    MissingBlob,

    /// <summary>An unpacked layer that is not what its archive holds.</summary>
    DamagedLayer,

    /// <summary>An unpacked layer that is not there, or not whole.</summary>
    MissingLayer,

    /// <summary>Something that no image needs, left by a session that was killed.</summary>
    Abandoned,
}

/// <summary>Something in the store that is not as it should be.</summary>
public sealed record ContainerStorageProblem
{
    public required ContainerStorageProblemKind Kind { get; init; }

    /// <summary>A digest, or the name of a folder.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>The images that need it.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>Bytes of what is there.</summary>
    public required long Size { get; init; }

    /// <summary>Whether the store holds what is needed to mend it.</summary>
    public required bool CanRepair { get; init; }

    public override string ToString() => $"{Kind} {Name}: {Description} ({Size} bytes)";
}
