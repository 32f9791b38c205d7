namespace PsContainers.Linux.Netlink;

/// <summary>Six bytes, written <c>02:42:0a:5a:00:02</c>.</summary>
public static class EthernetAddress
{
    internal const int Size = 6;
    private const int TextLength = 17;

    /// <summary>Whether it is one that a single link can have: neither a group's nor nobody's.</summary>
    public static bool IsUnicast(string text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return TryParse(text, bytes) && (bytes[0] & 1) == 0 && bytes.ContainsAnyExcept((byte)0);
    }

    internal static string Format(ReadOnlySpan<byte> bytes) => string.Create(TextLength, bytes, (text, address) =>
    {
        for (var i = 0; i < Size; i++)
        {
            address[i].TryFormat(text[(i * 3)..], out _, "x2", null);
            if (i > 0)
            {
                text[(i * 3) - 1] = ':';
            }
        }
    });

    /// <exception cref="LinuxException">EINVAL: it is written otherwise.</exception>
    internal static void Parse(string text, Span<byte> bytes)
    {
        if (!TryParse(text, bytes))
        {
            throw new LinuxException("read MAC address", text, Errno.EINVAL, "six bytes are written as 02:42:0a:5a:00:02");
        }
    }

    private static bool TryParse(string text, Span<byte> bytes)
    {
        var isWhole = text.Length == TextLength;
        for (var i = 0; i < Size && isWhole; i++)
        {
            isWhole = byte.TryParse(text.AsSpan(i * 3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out bytes[i])
                && (i == 0 || text[(i * 3) - 1] == ':');
        }

        return isWhole;
    }
}
