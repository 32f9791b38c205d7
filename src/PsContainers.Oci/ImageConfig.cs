using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Oci;

/// <summary>What an image is made of and how it wants to be run; its digest is the image's id.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md</remarks>
public sealed record ImageConfig : IJsonOnDeserialized
{
    public DateTimeOffset? Created { get; init; }

    public string? Author { get; init; }

    public required string Architecture { get; init; }

    public string? Variant { get; init; }

    public required string Os { get; init; }

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    public ContainerConfig? Config { get; init; }

    [JsonPropertyName("rootfs")]
    public required RootFs RootFs { get; init; }

    public IReadOnlyList<History>? History { get; init; }

    /// <summary>What the image runs on, as an index says it.</summary>
    [JsonIgnore]
    public Platform Platform => new()
    {
        Os = Os,
        Architecture = Architecture,
        Variant = Variant,
        OsVersion = OsVersion,
        OsFeatures = OsFeatures,
    };

    void IJsonOnDeserialized.OnDeserialized() => ImageDocument.CheckNoNull(History, "history");
}

/// <summary>The layers of an image, uncompressed, the lowest first.</summary>
public sealed record RootFs : IJsonOnDeserialized
{
    public required string Type { get; init; }

    /// <summary>Missing or null in what Docker writes for an image without layers.</summary>
    [JsonPropertyName("diff_ids")]
    public IReadOnlyList<Digest>? DiffIds { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Type != "layers")
        {
            throw new JsonException($"the type of the root file system is '{Type}' instead of 'layers'");
        }
    }
}

/// <summary>A step of an image's build.</summary>
public sealed record History
{
    public DateTimeOffset? Created { get; init; }

    [JsonPropertyName("created_by")]
    public string? CreatedBy { get; init; }

    public string? Author { get; init; }

    public string? Comment { get; init; }

    [JsonPropertyName("empty_layer")]
    public bool? EmptyLayer { get; init; }
}
