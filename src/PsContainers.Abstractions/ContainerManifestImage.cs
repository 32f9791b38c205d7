namespace PsContainers;

/// <summary>An image on a manifest list.</summary>
public sealed record ContainerManifestImage
{
    /// <summary>The name of the list.</summary>
    public required string Manifest { get; init; }

    /// <summary>Its name in the store or the beginning of its id; of one that only a registry has <c>repository@digest</c>.</summary>
    public required string Image { get; init; }

    /// <summary>The digest of the image's manifest. Layers that have to be compressed to be published give it another one.</summary>
    public required string Digest { get; init; }

    /// <summary>Whether the store has the image.</summary>
    public required bool IsLocal { get; init; }

    /// <summary><c>linux/arm64/v8</c>; empty where nobody says it.</summary>
    public required string Platform { get; init; }

    public required string OperatingSystem { get; init; }

    public required string Architecture { get; init; }

    public string? Variant { get; init; }

    public string? OsVersion { get; init; }

    public required IReadOnlyList<string> OsFeatures { get; init; }

    public required IReadOnlyDictionary<string, string?> Annotations { get; init; }

    public override string ToString() => Image;
}
