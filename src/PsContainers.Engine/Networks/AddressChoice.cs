using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using PsContainers.Drivers;

namespace PsContainers.Engine.Networks;

/// <summary>Which address of a subnet a container gets. Addresses are numbers here, of 32 or 128 bits.</summary>
internal sealed class AddressChoice
{
    private readonly IPNetwork _network;
    private readonly UInt128 _first;
    private readonly UInt128 _last;
    private readonly IPAddress? _gateway;

    public AddressChoice(SubnetDefinition subnet)
    {
        _network = IPNetwork.Parse(subnet.Subnet);
        _gateway = subnet.Gateway is { } gateway ? IPAddress.Parse(gateway) : null;
        (_first, _last) = Whole();
        if (subnet.Range is { } range)
        {
            var (first, last) = Parse(range);
            (_first, _last) = (UInt128.Max(_first, first), UInt128.Min(_last, last));
        }
    }

    public int PrefixLength => _network.PrefixLength;

    public bool Contains(IPAddress address) => _network.Contains(address);

    /// <summary>Why a container cannot have an address of this subnet; null when it can.</summary>
    public string? Fault(IPAddress address)
    {
        var (first, last) = Whole();
        var number = Number(address);
        return number < first || number > last ? $"it stands for all of {_network}, or for nobody"
            : address.Equals(_gateway) ? "it is the gateway's"
            : null;
    }

    /// <summary>The lowest address that is free; null when none is.</summary>
    /// <param name="taken">In ascending order; may hold addresses of other subnets.</param>
    public IPAddress? Choose(IEnumerable<IPAddress> taken)
    {
        var gateway = _gateway is null ? (UInt128?)null : Number(_gateway);
        var candidate = Next(_first, gateway);
        foreach (var address in taken.Where(Contains))
        {
            var number = Number(address);
            if (number > candidate)
            {
                break;
            }

            if (number == candidate)
            {
                candidate = Next(candidate + 1, gateway);
            }
        }

        return candidate <= _last ? Address(candidate) : null;
    }

    /// <summary>The first and last address of <c>10.0.0.0/25</c> or <c>10.0.0.5-10.0.0.9</c>.</summary>
    public static (UInt128 First, UInt128 Last) Parse(string range)
    {
        if (range.Split('-') is [var first, var last])
        {
            return (Number(IPAddress.Parse(first)), Number(IPAddress.Parse(last)));
        }

        var part = IPNetwork.Parse(range);
        return (Number(part.BaseAddress), Number(part.BaseAddress) + Size(part) - 1);
    }

    private static UInt128 Next(UInt128 candidate, UInt128? gateway) => candidate == gateway ? candidate + 1 : candidate;

    // The first is the subnet itself, or in IPv6 all its routers (RFC 4291, 2.6.1); the last one of IPv4 is everybody. Subnets of two
    // addresses or one have none of these: RFC 3021, RFC 6164.
    private (UInt128 First, UInt128 Last) Whole()
    {
        var first = Number(_network.BaseAddress);
        var last = first + Size(_network) - 1;
        return last - first < 2 ? (first, last) : (first + 1, IsV6(_network.BaseAddress) ? last : last - 1);
    }

    private static UInt128 Size(IPNetwork network) => UInt128.One << ((IsV6(network.BaseAddress) ? 128 : 32) - network.PrefixLength);

    private static UInt128 Number(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private IPAddress Address(UInt128 number)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        return new IPAddress(IsV6(_network.BaseAddress) ? bytes : bytes[12..]);
    }

    private static bool IsV6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;
}
