using System.Runtime.InteropServices;
using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>Walks over attributes where they were received. Ends at the first that is damaged. netlink(7)</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> rest)
{
    private const int HeaderSize = 4; // struct nlattr: u16 length, type

    private ReadOnlySpan<byte> _rest = rest;

    internal ushort Type { get; private set; }

    internal ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>The value as text, without the zero behind it.</summary>
    internal readonly string Text => Encoding.UTF8.GetString(Value.TrimEnd((byte)0));

    /// <summary>The attributes that are inside of this one.</summary>
    internal readonly NetlinkAttributes Nested => new(Value);

    internal bool MoveNext()
    {
        if (_rest.Length < HeaderSize)
        {
            return false;
        }

        var length = MemoryMarshal.Read<ushort>(_rest);
        if (length < HeaderSize || length > _rest.Length)
        {
            return false;
        }

        Type = (ushort)(MemoryMarshal.Read<ushort>(_rest[2..]) & RouteConstants.NLA_TYPE_MASK);
        Value = _rest[HeaderSize..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }

    /// <summary>The value as a number; the default when it is too short for one.</summary>
    internal readonly T Read<T>()
        where T : unmanaged => MemoryMarshal.TryRead<T>(Value, out var value) ? value : default;
}
