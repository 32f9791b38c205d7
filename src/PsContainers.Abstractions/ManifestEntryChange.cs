namespace PsContainers;

/// <summary>What a manifest list is to say of an image. Null leaves a thing as it is.</summary>
public sealed record ManifestEntryChange
{
    /// <summary>Operating system, architecture and variant: <c>linux/arm64/v8</c>.</summary>
    public string? Platform { get; init; }

    /// <summary>The least version of the operating system, as Windows images have it.</summary>
    public string? OsVersion { get; init; }

    public IReadOnlyList<string>? OsFeatures { get; init; }

    /// <summary>These are added or replaced; one without a value goes.</summary>
    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }
}
