using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>The fields of a 512 byte tar header, in the dialects v7, ustar, star and GNU.</summary>
/// <remarks>https://www.gnu.org/software/tar/manual/html_node/Standard.html</remarks>
internal readonly ref struct TarBlock(ReadOnlySpan<byte> block)
{
    internal const int Length = 512;

    private readonly ReadOnlySpan<byte> _block = block;

    internal char TypeFlag => (char)_block[156];

    /// <summary>Whether GNU's sparse map goes on in another block: a byte, not a digit.</summary>
    internal bool IsSparseExtended => _block[482] != 0;

    internal long Size => Number(124, 12, "size");

    internal long Mode => Number(100, 8, "mode");

    internal long UserId => Number(108, 8, "owner");

    internal long GroupId => Number(116, 8, "group");

    internal long Modified => Number(136, 12, "time");

    internal long DeviceMajor => Number(329, 8, "device number");

    internal long DeviceMinor => Number(337, 8, "device number");

    internal string LinkTarget => FileName.Decode(Text(157, 100));

    internal bool IsZero => !_block.ContainsAnyExcept((byte)0);

    internal bool HasGnuMagic => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    /// <summary>The name, joined with the prefix that ustar keeps elsewhere; GNU puts other things there.</summary>
    internal string Name
    {
        get
        {
            var name = Text(0, 100);
            if (!_block.Slice(257, 6).SequenceEqual("ustar\0"u8))
            {
                return FileName.Decode(name);
            }

            var isStar = _block[508..].SequenceEqual("tar\0"u8);
            var prefix = Text(345, isStar ? 131 : 155);
            return prefix.IsEmpty ? FileName.Decode(name) : FileName.Decode([.. prefix, (byte)'/', .. name]);
        }
    }

    /// <summary>Whether the checksum is that of the header; some ancient programs summed signed bytes.</summary>
    internal bool IsIntact
    {
        get
        {
            long unsigned = 0, signed = 0;
            for (var i = 0; i < Length; i++)
            {
                var value = i is >= 148 and < 156 ? (byte)' ' : _block[i];
                unsigned += value;
                signed += (sbyte)value;
            }

            return TryNumber(_block.Slice(148, 8), out var stated) && (stated == unsigned || stated == signed);
        }
    }

    /// <summary>A number at any place, for the sparse maps of GNU.</summary>
    internal long Number(int offset, int length, string field) => TryNumber(_block.Slice(offset, length), out var value)
        ? value
        : throw new ImageFormatException(string.Create(CultureInfo.InvariantCulture, $"a tar header's {field} is not a number"));

    // Octal digits between blanks and NULs, or, with the highest bit set, a big-endian two's complement number (GNU).
    private static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        if ((field[0] & 0x80) != 0)
        {
            return TryBinary(field, out value);
        }

        value = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return false;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return true;
    }

    private static bool TryBinary(ReadOnlySpan<byte> field, out long value)
    {
        var isNegative = (field[0] & 0x40) != 0;
        value = isNegative ? -1 : 0;
        for (var i = 0; i < field.Length; i++)
        {
            var part = i == 0 ? (byte)(isNegative ? field[0] : field[0] & 0x7f) : field[i];
            if (value >> 55 != (isNegative ? -1 : 0))
            {
                return false;
            }

            value = (value << 8) | part;
        }

        return true;
    }

    private ReadOnlySpan<byte> Text(int offset, int length)
    {
        var field = _block.Slice(offset, length);
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }
}
