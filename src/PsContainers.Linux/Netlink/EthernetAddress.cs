namespace PsContainers.Linux.Netlink;

/// <summary>Six bytes, written <c>02:42:0a:5a:00:02</c>.</summary>
internal static class EthernetAddress
{
    internal const int Size = 6;
    private const int TextLength = 17;

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
        var isWhole = text.Length == TextLength;
        for (var i = 0; i < Size && isWhole; i++)
        {
            isWhole = byte.TryParse(text.AsSpan(i * 3, 2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out bytes[i])
                && (i == 0 || text[(i * 3) - 1] == ':');
        }

        if (!isWhole)
        {
            throw new LinuxException("read MAC address", text, Errno.EINVAL, "six bytes are written as 02:42:0a:5a:00:02");
        }
    }
}
