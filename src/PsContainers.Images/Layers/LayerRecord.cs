using System.Text.Json;
using System.Text.Json.Serialization;
using PsContainers.Oci;

namespace PsContainers.Images.Layers;

/// <summary>What is kept beside an unpacked layer: which one it is, what it lies on, how large it is.</summary>
/// <param name="Archive">Digest of the archive, compressed as it was, that the layer came from, where that is known.</param>
internal sealed record LayerRecord(Digest ChainId, Digest DiffId, Digest? Parent, Digest? Archive, long Size, int Entries)
{
    internal UnpackedLayer ToLayer() => new(DiffId, ChainId, Size, Entries);

    internal static LayerRecord Parse(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, LayerJson.Default.LayerRecord)
        ?? throw new JsonException("the record of a layer is empty");

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, LayerJson.Default.LayerRecord);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(LayerRecord))]
internal sealed partial class LayerJson : JsonSerializerContext;
