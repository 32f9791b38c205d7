using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PsContainers.Oci;

/// <summary>What names content by its hash: `sha256:` or `sha512:` and lower-case hexadecimal digits.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests</remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct Digest
{
    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private Digest(string text) => _text = text;

    public string Algorithm => Text[..Separator];

    public string Hex => Text[(Separator + 1)..];

    // Only default(Digest) has none.
    private string Text => _text ?? throw new InvalidOperationException("the digest was never set");

    private int Separator => Text.IndexOf(':', StringComparison.Ordinal);

    public static Digest Parse(string text) =>
        TryParse(text, out var digest) ? digest : throw new FormatException($"'{text}' is not a sha256 or sha512 digest");

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        var length = text is null ? 0 : LengthOf(text);
        var isDigest = length > 0 && text!.Length == "shaNNN:".Length + length
            && !text.AsSpan("shaNNN:".Length).ContainsAnyExcept(_digits);
        digest = isDigest ? new(text!) : default;
        return isDigest;
    }

    /// <summary>The SHA-256 of some bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <summary>The digest of a hash; its length tells the algorithm: 32 bytes are SHA-256, 64 are SHA-512.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length switch
    {
        SHA256.HashSizeInBytes => new("sha256:" + Convert.ToHexStringLower(hash)),
        SHA512.HashSizeInBytes => new("sha512:" + Convert.ToHexStringLower(hash)),
        _ => throw new ArgumentException("neither a SHA-256 nor a SHA-512", nameof(hash)),
    };

    /// <summary>An empty hash of the algorithm, to be fed with the content that should have this digest.</summary>
    public IncrementalHash CreateHash() =>
        IncrementalHash.CreateHash(Algorithm == "sha256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512);

    public override string ToString() => _text ?? "";

    private static int LengthOf(string text) => text.StartsWith("sha256:", StringComparison.Ordinal)
        ? 2 * SHA256.HashSizeInBytes
        : text.StartsWith("sha512:", StringComparison.Ordinal) ? 2 * SHA512.HashSizeInBytes : 0;

    public sealed class Converter : JsonConverter<Digest>
    {
        public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var digest)
                ? digest
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Text);
    }
}
