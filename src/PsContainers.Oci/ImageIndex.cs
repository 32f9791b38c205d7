using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Oci;

/// <summary>A list of manifests, for several platforms or as the table of contents of a layout.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md</remarks>
public sealed record ImageIndex : IJsonOnDeserialized
{
    public required int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public required IReadOnlyList<Descriptor> Manifests { get; init; }

    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }

    // CVE-2021-41190: see ImageManifest.
    [JsonInclude]
    internal JsonElement? Layers { get; init; }

    [JsonInclude]
    internal JsonElement? Config { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        ImageDocument.CheckSchema(SchemaVersion);
        ImageDocument.CheckNoNull(Manifests, "manifests");
        if (Layers is not null || Config is not null)
        {
            throw new JsonException("the index has members 'layers' or 'config', which only a manifest has");
        }

        if (MediaType is { Length: > 0 } mediaType && !MediaTypes.IsIndex(mediaType))
        {
            throw new JsonException($"the media type of the index is '{mediaType}'");
        }
    }
}
