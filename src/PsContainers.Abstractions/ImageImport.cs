namespace PsContainers;

/// <summary>What to bring into the store, and under which name.</summary>
public sealed record ImageImport
{
    /// <summary>
    /// A docker-archive, an OCI archive, an OCI layout folder; or, with <see cref="RootFileSystem"/>, a folder or a tar file.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The path is a root file system, not an image: it becomes the one layer of a new image.</summary>
    public bool RootFileSystem { get; init; }

    /// <summary>Needed for a root file system; for an archive that holds one image it takes the place of the archive's names.</summary>
    public string? Name { get; init; }
}
