namespace PsContainers;

/// <summary>Images to put on a manifest list.</summary>
public sealed record ManifestAddition
{
    /// <summary>The list.</summary>
    public required string Name { get; init; }

    /// <summary>Names, digests or ids of images of the store; what the store does not have is looked for in its registry.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>Whether every image is meant that a list of the store, or else an index in a registry, has.</summary>
    public bool All { get; init; }

    /// <summary>What is said of them instead of what they say themselves; of an index the platform chooses the image.</summary>
    public ManifestEntryChange Change { get; init; } = new();

    public RegistryAccess Access { get; init; } = new();
}
