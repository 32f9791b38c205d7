using PsContainers.Oci;
using ZstdSharp;

namespace PsContainers.Images.Layers;

/// <summary>Tells by the first bytes how a layer is compressed. Media types are not asked: builders get them wrong.</summary>
internal static class LayerCompression
{
    private const int MagicLength = 6;

    /// <summary>The uncompressed bytes, and the stream below that knows how many compressed ones it took. The blob stays open.</summary>
    internal static Stream Open(Stream blob, out PrefixedStream compressed)
    {
        var magic = new byte[MagicLength];
        var length = blob.ReadAtLeast(magic, MagicLength, throwOnEndOfStream: false);
        var whole = compressed = new PrefixedStream(magic.AsMemory(0, length), blob);
        return magic switch
        {
            [0x1f, 0x8b, ..] => new GzipMembers(whole),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => new DecompressionStream(whole, leaveOpen: true),
            // A skippable frame, which zstd allows in front of others.
            [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => new DecompressionStream(whole, leaveOpen: true),
            [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0] => throw Unsupported("xz"),
            [(byte)'B', (byte)'Z', (byte)'h', ..] => throw Unsupported("bzip2"),
            _ => whole,
        };
    }

    /// <summary>The media type that says what the first bytes say.</summary>
    internal static string MediaTypeOf(Stream blob)
    {
        var magic = new byte[MagicLength];
        blob.ReadAtLeast(magic, MagicLength, throwOnEndOfStream: false);
        return magic switch
        {
            [0x1f, 0x8b, ..] => MediaTypes.LayerGzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..] => MediaTypes.LayerZstd,
            _ => MediaTypes.Layer,
        };
    }

    private static ImageFormatException Unsupported(string name) =>
        new($"it is compressed with {name}, not with gzip or zstd");
}
