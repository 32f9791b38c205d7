namespace PsContainers;

/// <summary>A step of an image's build, as its configuration tells it.</summary>
public sealed record ContainerImageHistory
{
    /// <summary>The image asked about, as it was named.</summary>
    public required string Image { get; init; }

    public DateTime? Created { get; init; }

    /// <summary>The command or instruction of the step; empty where the configuration says nothing about a layer.</summary>
    public required string CreatedBy { get; init; }

    public required string Author { get; init; }

    public required string Comment { get; init; }

    /// <summary>Whether the step changed the configuration only, and no file.</summary>
    public required bool IsEmptyLayer { get; init; }

    /// <summary>Bytes of the files of the step's layer, unpacked; 0 for a step without one.</summary>
    public required long Size { get; init; }

    /// <summary>The digest of the step's layer, uncompressed; null for a step without one.</summary>
    public string? DiffId { get; init; }
}
