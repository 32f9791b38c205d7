namespace PsContainers;

/// <summary>Which images to write to which file or folder.</summary>
public sealed record ImageExport
{
    /// <summary>Names, ids or digests. An image that is named goes under that name, one that is not under all it has.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>The file; with <see cref="ContainerImageFormat.OciLayout"/> the folder.</summary>
    public required string Path { get; init; }

    public ContainerImageFormat Format { get; init; } = ContainerImageFormat.DockerArchive;

    /// <summary>Takes the place of a file, or of a layout folder, that is there.</summary>
    public bool Overwrite { get; init; }
}
