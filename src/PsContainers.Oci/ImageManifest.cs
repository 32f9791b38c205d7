using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Oci;

/// <summary>An image: its configuration and its layers, the lowest first.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md</remarks>
public sealed record ImageManifest : IJsonOnDeserialized
{
    public required int SchemaVersion { get; init; }

    public string? MediaType { get; init; }

    public string? ArtifactType { get; init; }

    public required Descriptor Config { get; init; }

    public required IReadOnlyList<Descriptor> Layers { get; init; }

    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }

    // CVE-2021-41190: a document that could be taken for an index too must not be taken for either.
    [JsonInclude]
    internal JsonElement? Manifests { get; init; }

    void IJsonOnDeserialized.OnDeserialized()
    {
        ImageDocument.CheckSchema(SchemaVersion);
        ImageDocument.CheckNoNull(Layers, "layers");
        if (Manifests is not null)
        {
            throw new JsonException("the manifest has a member 'manifests', which only an index has");
        }

        if (MediaType is { Length: > 0 } mediaType && !MediaTypes.IsManifest(mediaType))
        {
            throw new JsonException($"the media type of the manifest is '{mediaType}'");
        }
    }
}
