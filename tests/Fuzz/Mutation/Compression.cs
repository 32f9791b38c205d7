using System.IO.Compression;
using ZstdSharp;

namespace PsContainers.Fuzz.Mutation;

/// <summary>Archives in the compressions that layers have.</summary>
internal static class Compression
{
    private const int MaximumLength = 1024 * 1024;

    /// <summary>Null when it is compressed and damaged, or unpacks to too much.</summary>
    public static byte[]? TryPlain(byte[] blob)
    {
        try
        {
            return blob switch
            {
                [0x1f, 0x8b, ..] => ReadAll(new GZipStream(new MemoryStream(blob), CompressionMode.Decompress)),
                [0x28, 0xb5, 0x2f, 0xfd, ..] => ReadAll(new DecompressionStream(new MemoryStream(blob))),
                _ => blob,
            };
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            return null;
        }
    }

    public static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var zstd = new CompressionStream(packed, leaveOpen: true))
        {
            zstd.Write(plain);
        }

        return packed.ToArray();
    }

    private static byte[]? ReadAll(Stream stream)
    {
        using (stream)
        {
            var plain = new byte[MaximumLength];
            var length = stream.ReadAtLeast(plain, plain.Length, throwOnEndOfStream: false);
            return length == plain.Length ? null : plain[..length];
        }
    }
}
