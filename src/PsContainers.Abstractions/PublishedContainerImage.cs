namespace PsContainers;

/// <summary>An image, or a list of images, that is in a registry now.</summary>
public sealed record PublishedContainerImage
{
    /// <summary>The name in the registry, shortest form.</summary>
    public required string Name { get; init; }

    /// <summary>The digest of the manifest there; <c>name@digest</c> is this image for good.</summary>
    public required string Digest { get; init; }

    /// <summary>The image's id in the store; null for a manifest list.</summary>
    public string? Id { get; init; }

    /// <summary>Bytes of its parts, compressed.</summary>
    public required long Size { get; init; }

    /// <summary>Bytes that had to be sent; the rest was there.</summary>
    public required long Sent { get; init; }

    public override string ToString() => Name;
}
