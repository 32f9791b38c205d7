using System.Buffers.Binary;
using System.Text;

namespace PsContainers.Linux.DBus;

/// <summary>Marshals values for a message: little endian, each at a multiple of its own alignment.</summary>
/// <remarks>https://dbus.freedesktop.org/doc/dbus-specification.html#message-protocol-marshaling</remarks>
public sealed class BusWriter
{
    /// <summary>Of a struct, an entry of a dictionary and the 64-bit types.</summary>
    public const int WideAlignment = 8;

    /// <summary>Of the 32-bit types, of texts, object paths and arrays.</summary>
    public const int Alignment = 4;

    private byte[] _bytes = new byte[512];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Content => _bytes.AsSpan(0, Length);

    /// <summary>Pads with zeros to a multiple of <paramref name="size"/>; a struct starts so.</summary>
    public BusWriter Align(int size)
    {
        Reserve(-Length & (size - 1)).Clear();
        return this;
    }

    public BusWriter Byte(byte value)
    {
        Reserve(1)[0] = value;
        return this;
    }

    /// <summary>`u`.</summary>
    public BusWriter UInt32(uint value)
    {
        Align(Alignment);
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        return this;
    }

    /// <summary>`t`.</summary>
    public BusWriter UInt64(ulong value)
    {
        Align(WideAlignment);
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        return this;
    }

    /// <summary>`b`.</summary>
    public BusWriter Boolean(bool value) => UInt32(value ? 1u : 0);

    /// <summary>`s` and `o`: the length, the bytes, a NUL.</summary>
    public BusWriter Text(string text)
    {
        UInt32((uint)Encoding.UTF8.GetByteCount(text));
        return Terminated(text);
    }

    /// <summary>`g`: the same with a length of one byte. A variant is this and the value.</summary>
    public BusWriter Signature(string signature) => Byte((byte)signature.Length).Terminated(signature);

    /// <summary>`ay`.</summary>
    public BusWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        UInt32((uint)bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
        return this;
    }

    /// <summary>`a…`: the length in bytes, without the padding before the first element, and the elements.</summary>
    /// <param name="alignment">Of an element.</param>
    public BusWriter Array(int alignment, Action<BusWriter> elements)
    {
        UInt32(0);
        var length = Length - sizeof(uint);
        Align(alignment);
        var start = Length;
        elements(this);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(length), (uint)(Length - start));
        return this;
    }

    private BusWriter Terminated(string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        var place = Reserve(count + 1);
        Encoding.UTF8.GetBytes(text, place);
        place[count] = 0;
        return this;
    }

    private Span<byte> Reserve(int count)
    {
        if (Length + count > _bytes.Length)
        {
            System.Array.Resize(ref _bytes, Math.Max(Length + count, _bytes.Length * 2));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
