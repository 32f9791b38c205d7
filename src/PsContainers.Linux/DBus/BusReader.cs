using System.Buffers.Binary;
using System.Text;

namespace PsContainers.Linux.DBus;

/// <summary>Takes values out of a message, as <see cref="BusWriter"/> puts them in.</summary>
public ref struct BusReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    internal readonly int Position => _at;

    internal void Skip(int count) => Take(count);

    internal void Align(int size) => Take(-_at & (size - 1));

    internal byte Byte() => Take(1)[0];

    /// <summary>`u`.</summary>
    public uint UInt32()
    {
        Align(BusWriter.Alignment);
        return BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));
    }

    /// <summary>`s` and `o`.</summary>
    public string Text() => Terminated(UInt32());

    /// <summary>`g`.</summary>
    public string Signature() => Terminated(Byte());

    /// <summary>The text in a variant.</summary>
    public string VariantText() => Signature() is "s" or "o" ? Text() : throw Malformed();

    private string Terminated(uint length)
    {
        var text = Take(checked((int)Math.Min(length, int.MaxValue)));
        Take(1);
        return Encoding.UTF8.GetString(text);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
        {
            throw Malformed();
        }

        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private static BusException Malformed() => new("", "a message on the bus is not what its header says");
}
