using PsContainers.Oci;

namespace PsContainers.Engine.Store;

/// <summary>An image on a list, in this store or in a registry.</summary>
/// <param name="Image">The image's id in the store; null when only a registry has it.</param>
internal sealed record ManifestEntryRow(string? Image, ManifestEntrySettings Settings)
{
    /// <summary>Names the entry on its list: the image's id, or the digest of the manifest in a registry.</summary>
    public string Key => Image ?? Settings.Remote!.Digest.ToString();
}

/// <summary>What a list says of an image.</summary>
internal sealed record ManifestEntrySettings
{
    public required Platform Platform { get; init; }

    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }

    /// <summary>The manifest in a registry, of an image that the store does not have.</summary>
    public Descriptor? Remote { get; init; }

    /// <summary>That registry and repository: <c>registry.example/team/app</c>.</summary>
    public string? Repository { get; init; }
}
