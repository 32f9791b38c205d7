using System.Text;

namespace PsContainers.Linux;

/// <summary>File names as strings and as the bytes that the kernel keeps, without loss.</summary>
/// <remarks>
/// A name is any bytes but `/` and NUL. Bytes that are not UTF-8 become the lone surrogates U+DC80 to U+DCFF and return as
/// what they were (the scheme of Python's PEP 383), so an image with Latin-1 names keeps them.
/// </remarks>
public static class FileName
{
    private const char EscapeBase = '\uDC00';

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return Encoding.ASCII.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
                bytes = bytes[consumed..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    public static byte[] Encode(string name)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        return bytes[..Encode(name, bytes)];
    }

    /// <summary>Writes the bytes to a buffer of at least three bytes for each character; returns how many there are.</summary>
    public static int Encode(ReadOnlySpan<char> name, Span<byte> bytes)
    {
        var length = 0;
        while (!name.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(name, out var rune, out var consumed) == System.Buffers.OperationStatus.Done)
            {
                length += rune.EncodeToUtf8(bytes[length..]);
            }
            else
            {
                bytes[length++] = (name[0] & 0xff80) == 0xdc80
                    ? (byte)(name[0] - EscapeBase)
                    : throw new ArgumentException($"the name holds U+{(int)name[0]:X4}, which stands for no byte", nameof(name));
            }

            name = name[consumed..];
        }

        return length;
    }
}
