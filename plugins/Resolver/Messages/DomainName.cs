namespace PsContainers.Resolver.Messages;

/// <summary>
/// Names as they stand in messages: labels with their length before them, and an empty one at the end. RFC 1035, 3.1 and 4.1.4
/// </summary>
/// <remarks>What is read is in lower case, and so are the names of records: they compare as bytes. RFC 4343</remarks>
internal static class DomainName
{
    internal const int MaximumLength = 255;
    private const int MaximumLabel = 63;
    private const int Pointer = 0xc0;

    /// <summary>Reads a name, compressed or not, and goes behind it.</summary>
    /// <param name="name">Room for <see cref="MaximumLength"/> bytes.</param>
    /// <returns>False where there is no name, or one that is too long.</returns>
    internal static bool TryRead(ReadOnlySpan<byte> message, ref int at, Span<byte> name, out int length)
    {
        length = 0;
        var position = at;
        var hasJumped = false;

        // Each pointer leads to a place before the last one, so that they come to an end.
        var lowest = at;
        while (position < message.Length)
        {
            var size = message[position++];
            if (size >= Pointer)
            {
                if (position >= message.Length)
                {
                    return false;
                }

                var target = ((size & ~Pointer) << 8) | message[position++];
                at = hasJumped ? at : position;
                hasJumped = true;
                if (target < Header.Length || target >= lowest)
                {
                    return false;
                }

                position = lowest = target;
                continue;
            }

            if (size > MaximumLabel || position + size > message.Length || length + size + 1 > MaximumLength)
            {
                return false;
            }

            name[length++] = size;
            CopyLower(message.Slice(position, size), name[length..]);
            length += size;
            position += size;
            if (size == 0)
            {
                at = hasJumped ? at : position;
                return true;
            }
        }

        return false;
    }

    /// <summary>Goes behind a name without following its pointer.</summary>
    internal static bool TrySkip(ReadOnlySpan<byte> message, ref int at)
    {
        while (at < message.Length)
        {
            var size = message[at++];
            if (size >= Pointer)
            {
                return ++at <= message.Length;
            }

            if (size == 0)
            {
                return true;
            }

            at += size;
            if (size > MaximumLabel)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>Writes the name that a text with dots stands for; the last dot may be missing.</summary>
    /// <param name="name">Room for <see cref="MaximumLength"/> bytes.</param>
    /// <returns>False for what is no name, and for the root, which is nobody's.</returns>
    internal static bool TryEncode(ReadOnlySpan<byte> text, Span<byte> name, out int length)
    {
        length = 0;
        text = text.EndsWith("."u8) ? text[..^1] : text;
        while (true)
        {
            var end = text.IndexOf((byte)'.');
            var label = end < 0 ? text : text[..end];
            if (label.IsEmpty || label.Length > MaximumLabel || length + label.Length + 2 > MaximumLength)
            {
                return false;
            }

            name[length++] = (byte)label.Length;
            CopyLower(label, name[length..]);
            length += label.Length;
            if (end < 0)
            {
                name[length++] = 0;
                return true;
            }

            text = text[(end + 1)..];
        }
    }

    /// <summary>How many labels a name has, the root not counted.</summary>
    internal static int CountLabels(ReadOnlySpan<byte> name)
    {
        var count = 0;
        for (var at = 0; name[at] != 0; at += name[at] + 1)
        {
            count++;
        }

        return count;
    }

    // Only of ASCII letters: a label may hold any bytes.
    private static void CopyLower(ReadOnlySpan<byte> label, Span<byte> to)
    {
        for (var i = 0; i < label.Length; i++)
        {
            to[i] = label[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(label[i] | 0x20) : label[i];
        }
    }
}
