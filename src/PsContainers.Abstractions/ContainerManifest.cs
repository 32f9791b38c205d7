namespace PsContainers;

/// <summary>A list of images under one name, mostly one for each platform: an OCI image index, or Docker's manifest list.</summary>
public sealed record ContainerManifest
{
    /// <summary>Shortest form.</summary>
    public required string Name { get; init; }

    /// <summary>When it came into this store; null for one that a registry has.</summary>
    public DateTime? Created { get; init; }

    /// <summary>The digest in the registry; null for one of the store, whose index is made when it is published.</summary>
    public string? Digest { get; init; }

    /// <summary>As <see cref="Digest"/>.</summary>
    public string? MediaType { get; init; }

    public required IReadOnlyDictionary<string, string?> Annotations { get; init; }

    public required IReadOnlyList<ContainerManifestImage> Images { get; init; }

    public override string ToString() => Name;
}
