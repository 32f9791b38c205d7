using System.Buffers.Binary;

namespace PsContainers.Fuzz.Mutation;

/// <summary>Changes that know nothing of what the bytes mean.</summary>
internal static class ByteMutation
{
    private static readonly long[] _numbers =
    [
        0, 1, -1, 127, 128, 255, 256, 511, 512, 513, 32767, 65535, int.MaxValue, uint.MaxValue, 1L << 33, 1L << 40,
        long.MaxValue, long.MinValue,
    ];

    /// <summary>One to eight changes.</summary>
    public static byte[] Apply(byte[] input, byte[] other, Chance chance)
    {
        var result = input;
        for (var count = 1 + chance.Below(1 << chance.Below(4)); count > 0; count--)
        {
            result = One(result, other, chance);
        }

        return result;
    }

    private static byte[] One(byte[] input, byte[] other, Chance chance)
    {
        var at = chance.Below(input.Length + 1);
        var end = Math.Min(input.Length, at + chance.Length(input.Length - at));
        return chance.Below(8) switch
        {
            0 when at < input.Length => [.. input[..at], (byte)(input[at] ^ (1 << chance.Below(8))), .. input[(at + 1)..]],
            1 when at < input.Length => [.. input[..at], chance.Byte(), .. input[(at + 1)..]],
            2 => input[..at],
            3 => [.. input[..at], .. input[end..]],
            4 => [.. input[..end], .. input[at..end], .. input[end..]],
            5 => Splice(input, at, other, chance),
            6 => [.. input[..at], .. chance.Bytes(chance.Length(16)), .. input[at..]],
            _ => Number(input, at, chance),
        };
    }

    private static byte[] Splice(byte[] input, int at, byte[] other, Chance chance)
    {
        var from = chance.Below(other.Length + 1);
        var length = chance.Length(other.Length - from);
        return [.. input[..at], .. other[from..(from + length)], .. input[(chance.OneIn(2) ? at : input.Length)..]];
    }

    // In the place of what is there, with either end first, or as digits.
    private static byte[] Number(byte[] input, int at, Chance chance)
    {
        var number = chance.Of(_numbers);
        var bytes = new byte[8];
        switch (chance.Below(3))
        {
            case 0:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                break;
            case 1:
                BinaryPrimitives.WriteInt64BigEndian(bytes, number);
                break;
            default:
                bytes = System.Text.Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
                break;
        }

        return [.. input[..at], .. bytes, .. input[Math.Min(input.Length, at + bytes.Length)..]];
    }
}
