namespace PsContainers;

/// <summary>A layer of an image: its archive and its unpacked tree.</summary>
public sealed record ContainerImageLayer
{
    /// <summary>The image asked about, as it was named.</summary>
    public required string Image { get; init; }

    /// <summary>0 is the lowest.</summary>
    public required int Position { get; init; }

    /// <summary>The digest of the archive, uncompressed.</summary>
    public required string DiffId { get; init; }

    /// <summary>The digest that stands for this layer with all it lies on.</summary>
    public required string ChainId { get; init; }

    /// <summary>The digest of the archive as it came; null when the image's manifest is missing.</summary>
    public string? Digest { get; init; }

    public string? MediaType { get; init; }

    /// <summary>Bytes of the archive as it came.</summary>
    public long? ArchiveSize { get; init; }

    /// <summary>Bytes of the layer's files, unpacked.</summary>
    public required long Size { get; init; }

    /// <summary>How many entries its archive has.</summary>
    public required int Entries { get; init; }

    /// <summary>The folder of the unpacked layer, which nobody may change.</summary>
    public required string Path { get; init; }

    /// <summary>The step of the build that made it, where the configuration says so.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Other images that lie on the very same layer.</summary>
    public required IReadOnlyList<string> SharedWith { get; init; }
}
