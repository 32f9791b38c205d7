namespace PsContainers;

/// <summary>Which image, or list of images, to bring to a registry.</summary>
public sealed record ImagePublication
{
    /// <summary>Name, digest or id of an image of the store, or the name of a list.</summary>
    public required string Image { get; init; }

    /// <summary>The name that it gets in the registry; null when the image was given by the name it should have there.</summary>
    public string? Destination { get; init; }

    /// <summary>How layers that are not compressed in the store are compressed; others go as they are.</summary>
    public LayerCompressionMethod Compression { get; init; }

    public RegistryAccess Access { get; init; } = new();
}
