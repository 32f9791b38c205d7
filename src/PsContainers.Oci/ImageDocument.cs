using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PsContainers.Oci;

/// <summary>Reads the JSON documents of images, which may come from anybody; whatever is wrong is a <see cref="JsonException"/>.</summary>
public static class ImageDocument
{
    /// <summary>What registries accept as well, and what tools agree on as the most a manifest may have.</summary>
    public const int MaximumLength = 4 * 1024 * 1024;

    // A plus sign, which media types have, stays one: the documents are not for HTML.
    private static readonly OciJson _writing = new(
        new JsonSerializerOptions(OciJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static ImageManifest ReadManifest(ReadOnlySpan<byte> bytes) => Read(bytes, OciJson.Default.ImageManifest);

    public static ImageIndex ReadIndex(ReadOnlySpan<byte> bytes) => Read(bytes, OciJson.Default.ImageIndex);

    public static ImageConfig ReadConfig(ReadOnlySpan<byte> bytes) => Read(bytes, OciJson.Default.ImageConfig);

    public static byte[] Write(ImageManifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, _writing.ImageManifest);

    public static byte[] Write(ImageIndex index) => JsonSerializer.SerializeToUtf8Bytes(index, _writing.ImageIndex);

    public static byte[] Write(ImageConfig config) => JsonSerializer.SerializeToUtf8Bytes(config, _writing.ImageConfig);

    internal static void CheckSchema(int version)
    {
        if (version != 2)
        {
            throw new JsonException($"schema version {version} is not supported, only version 2 is");
        }
    }

    // The annotations of C# say nothing about elements to the serializer, so it lets null through among them.
    internal static void CheckNoNull<T>(IEnumerable<T>? values, string member)
        where T : class
    {
        if (values is not null && values.Any(value => value is null))
        {
            throw new JsonException($"'{member}' holds null");
        }
    }

    private static T Read<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> shape)
        where T : class
    {
        if (bytes.Length > MaximumLength)
        {
            throw new JsonException(
                $"the document has {bytes.Length} bytes, more than the {MaximumLength} that are read");
        }

        return JsonSerializer.Deserialize(bytes, shape) ?? throw new JsonException("the document is null");
    }
}
