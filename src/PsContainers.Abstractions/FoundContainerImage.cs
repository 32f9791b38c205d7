namespace PsContainers;

/// <summary>An image, or a repository of images, that a registry has.</summary>
public sealed record FoundContainerImage
{
    /// <summary>Fit for Receive-ContainerImage.</summary>
    public required string Name { get; init; }

    /// <summary>Its owner's words, where a search gave them.</summary>
    public string Description { get; init; } = "";

    /// <summary>How many users like it; 0 where the registry asks nobody.</summary>
    public int Stars { get; init; }

    /// <summary>Whether the registry's own people look after it.</summary>
    public bool IsOfficial { get; init; }

    public override string ToString() => Name;
}
