using System.Globalization;
using System.Text;

namespace PsContainers.Images.Layers;

/// <summary>PAX records being written: `length key=value\n`.</summary>
internal sealed class PaxRecords
{
    private readonly List<byte> _bytes = [];

    internal void AddIf(bool condition, string key, long value) =>
        AddIf(condition, key, Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    internal void AddIf(bool condition, string key, ReadOnlySpan<byte> value)
    {
        if (!condition)
        {
            return;
        }

        var keyBytes = Encoding.UTF8.GetBytes(key);
        var rest = keyBytes.Length + value.Length + 3;

        // The length counts its own digits, so that 98 + 2 digits need a third one.
        var length = rest + Digits(rest);
        length = rest + Digits(length);
        _bytes.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} ")));
        _bytes.AddRange(keyBytes);
        _bytes.Add((byte)'=');
        _bytes.AddRange(value);
        _bytes.Add((byte)'\n');
    }

    internal byte[] ToArray() => [.. _bytes];

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
