using System.Runtime.InteropServices;
using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>One request built in the caller's memory: a header, a fixed part, then attributes, some of them nested. netlink(7)</summary>
internal ref struct NetlinkRequest
{
    /// <summary>Room for every request that this library makes.</summary>
    internal const int Capacity = 512;

    internal const int HeaderSize = 16; // struct nlmsghdr: u32 length; u16 type, flags; u32 sequence, port
    private const int AttributeHeaderSize = 4; // struct nlattr: u16 length, type

    private readonly Span<byte> _buffer;
    private int _length;

    internal NetlinkRequest(Span<byte> buffer, ushort type, ushort flags)
    {
        _buffer = buffer;
        _length = HeaderSize;
        IsList = (flags & RouteConstants.NLM_F_DUMP) == RouteConstants.NLM_F_DUMP;
        buffer[..HeaderSize].Clear();
        MemoryMarshal.Write(buffer[4..], type);
        MemoryMarshal.Write(buffer[6..], (ushort)(flags | RouteConstants.NLM_F_REQUEST));
    }

    /// <summary>The answer is a list, with an end of its own.</summary>
    internal bool IsList { get; }

    /// <summary>The fixed part.</summary>
    internal void Put<T>(T part)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in part));
        bytes.CopyTo(Room(bytes.Length));
    }

    internal void Put<T>(ushort attribute, T value)
        where T : unmanaged => PutBytes(attribute, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    internal void PutBytes(ushort attribute, scoped ReadOnlySpan<byte> value) => value.CopyTo(Attribute(attribute, value.Length));

    /// <summary>A text, which ends with a zero there.</summary>
    internal void PutString(ushort attribute, string text) =>
        Encoding.UTF8.GetBytes(text, Attribute(attribute, Encoding.UTF8.GetByteCount(text) + 1));

    internal void PutString(ushort attribute, scoped ReadOnlySpan<byte> text) => text.CopyTo(Attribute(attribute, text.Length + 1));

    /// <summary>Attributes put from here to <see cref="EndNest"/> are inside of this one.</summary>
    internal int BeginNest(ushort attribute)
    {
        var start = _length;
        Attribute((ushort)(attribute | RouteConstants.NLA_F_NESTED), 0);
        return start;
    }

    internal readonly void EndNest(int start) => MemoryMarshal.Write(_buffer[start..], (ushort)(_length - start));

    /// <summary>The whole of it, ready to be sent.</summary>
    internal readonly ReadOnlySpan<byte> Finish(uint sequence)
    {
        MemoryMarshal.Write(_buffer, _length);
        MemoryMarshal.Write(_buffer[8..], sequence);
        return _buffer[.._length];
    }

    private Span<byte> Attribute(ushort type, int length)
    {
        var header = Room(AttributeHeaderSize + length);
        MemoryMarshal.Write(header, (ushort)header.Length);
        MemoryMarshal.Write(header[2..], type);
        return header[AttributeHeaderSize..];
    }

    // Zeros, up to the next multiple of four.
    private Span<byte> Room(int length)
    {
        var padded = (length + 3) & ~3;
        var room = _buffer.Slice(_length, padded);
        room.Clear();
        _length += padded;
        return room[..length];
    }
}
