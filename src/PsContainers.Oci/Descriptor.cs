using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Oci;

/// <summary>Points to content: what it is, its digest and its length.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md</remarks>
public sealed record Descriptor : IJsonOnDeserialized
{
    /// <summary>The annotation that names an image of a layout.</summary>
    public const string RefNameAnnotation = "org.opencontainers.image.ref.name";

    public required string MediaType { get; init; }

    public required Digest Digest { get; init; }

    public required long Size { get; init; }

    public IReadOnlyList<string>? Urls { get; init; }

    public IReadOnlyDictionary<string, string?>? Annotations { get; init; }

    public Platform? Platform { get; init; }

    public string? ArtifactType { get; init; }

    public string? Annotation(string key) => Annotations?.GetValueOrDefault(key);

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Size < 0)
        {
            throw new JsonException("the size of a descriptor is negative");
        }
    }
}
