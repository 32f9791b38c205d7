using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace PsContainers.Linux.Bare;

/// <summary>An address and a port as the kernel takes them: struct sockaddr_in or sockaddr_in6. ip(7), ipv6(7)</summary>
[StructLayout(LayoutKind.Explicit, Size = 28, Pack = 4)]
internal struct InternetEndpoint
{
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;

    // The upper 96 bits of an IPv4 address that is written as IPv6. RFC 4291, 2.5.5.2
    private const ulong Mapped = 0xffff_0000_0000;

    [FieldOffset(0)]
    private ushort _family;

    [FieldOffset(2)]
    private ushort _port;

    [FieldOffset(4)]
    private uint _address4;

    [FieldOffset(8)]
    private ulong _upper;

    [FieldOffset(16)]
    private ulong _lower;

    [FieldOffset(24)]
    private uint _scope;

    internal InternetEndpoint(IPAddress address, int port)
    {
        _port = BinaryPrimitives.ReverseEndianness((ushort)port);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            _family = AF_INET;
            _address4 = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            return;
        }

        _family = AF_INET6;
        _upper = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _lower = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _scope = (uint)address.ScopeId;
    }

    internal readonly int Family => _family;

    internal readonly int Port => BinaryPrimitives.ReverseEndianness(_port);

    /// <summary>How many bytes of this the kernel is to look at.</summary>
    internal readonly int Length => _family == AF_INET ? 16 : 28;

    /// <summary>The address, one of IPv4 as the IPv6 address that it is mapped to.</summary>
    internal readonly UInt128 Address => _family == AF_INET
        ? new UInt128(0, Mapped | BinaryPrimitives.ReverseEndianness(_address4))
        : new UInt128(BinaryPrimitives.ReverseEndianness(_upper), BinaryPrimitives.ReverseEndianness(_lower));

    public override readonly string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return $"{new IPAddress(_family == AF_INET ? bytes[12..] : bytes)} port {Port}";
    }
}
