namespace PsContainers;

/// <summary>A directory at which the files of an image can be read.</summary>
public sealed record ContainerImageMount
{
    /// <summary>The image's first name, or the beginning of its id when it has none.</summary>
    public required string Image { get; init; }

    public required string ImageId { get; init; }

    public required string Path { get; init; }

    public override string ToString() => Path;
}
