namespace PsContainers.Resolver.Messages;

/// <summary>The names below in-addr.arpa and ip6.arpa, which stand for addresses. RFC 1035, 3.5; RFC 3596, 2.5</summary>
internal static class ReverseName
{
    private const int Nibbles = 32;

    private static ReadOnlySpan<byte> Arpa4 => "\u0007in-addr\u0004arpa\0"u8;

    private static ReadOnlySpan<byte> Arpa6 => "\u0003ip6\u0004arpa\0"u8;

    /// <summary>The address, one of IPv4 as the IPv6 address that it is mapped to; false for the name of no whole address.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> name, out UInt128 address)
    {
        address = 0;
        return name.EndsWith(Arpa4) ? TryRead4(name[..^Arpa4.Length], ref address)
            : name.EndsWith(Arpa6) && TryRead6(name[..^Arpa6.Length], ref address);
    }

    // Four decimal numbers, the last one of the address first.
    private static bool TryRead4(ReadOnlySpan<byte> labels, ref UInt128 address)
    {
        var value = 0u;
        for (var place = 0; place < 32; place += 8)
        {
            if (labels.IsEmpty || labels[0] > 3 || labels[0] >= labels.Length)
            {
                return false;
            }

            var number = 0u;
            var digits = labels.Slice(1, labels[0]);
            foreach (var digit in digits)
            {
                if (digit is < (byte)'0' or > (byte)'9')
                {
                    return false;
                }

                number = (number * 10) + digit - '0';
            }

            if (number > 255 || (digits.Length > 1 && digits[0] == '0'))
            {
                return false;
            }

            value |= number << place;
            labels = labels[(1 + digits.Length)..];
        }

        address = new UInt128(0, 0xffff_0000_0000UL | value);
        return labels.IsEmpty;
    }

    // One label for each hexadecimal digit, the last one of the address first.
    private static bool TryRead6(ReadOnlySpan<byte> labels, ref UInt128 address)
    {
        if (labels.Length != 2 * Nibbles)
        {
            return false;
        }

        for (var i = 0; i < Nibbles; i++)
        {
            int digit = labels[(2 * i) + 1];
            var nibble = digit is >= '0' and <= '9' ? digit - '0' : digit is >= 'a' and <= 'f' ? digit - 'a' + 10 : -1;
            if (labels[2 * i] != 1 || nibble < 0)
            {
                return false;
            }

            address |= (UInt128)nibble << (4 * i);
        }

        return true;
    }
}
