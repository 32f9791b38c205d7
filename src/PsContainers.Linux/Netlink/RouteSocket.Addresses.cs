using System.Buffers.Binary;
using System.Net;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>The addresses of links.</summary>
public sealed partial class RouteSocket
{
    private const int IPv4Bits = 32;
    private const int LargestAddress = 16;

    /// <exception cref="LinuxException">EEXIST: the link has it.</exception>
    public void AddAddress(int index, InterfaceAddress address, AddressFlags flags = AddressFlags.None)
    {
        var request = AddressRequest(stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_NEWADDR, Creation, index, address);
        request.Put(RouteConstants.IFA_FLAGS, (uint)flags);
        if (address is { Address.AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork, Prefix: < IPv4Bits - 1 })
        {
            // The kernel chooses none by itself, and some programs want to see one.
            Span<byte> bytes = stackalloc byte[4];
            address.Address.TryWriteBytes(bytes, out _);
            BinaryPrimitives.WriteUInt32BigEndian(bytes, BinaryPrimitives.ReadUInt32BigEndian(bytes) | (uint.MaxValue >> address.Prefix));
            request.PutBytes(RouteConstants.IFA_BROADCAST, bytes);
        }

        _kernel.Perform(request, "add address", new AddressTarget(index, address));
    }

    /// <summary>False when the link does not have it.</summary>
    public bool RemoveAddress(int index, InterfaceAddress address)
    {
        var request = AddressRequest(
            stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_DELADDR, RouteConstants.NLM_F_ACK, index, address);
        return _kernel.PerformIfThere(request, "remove address", new AddressTarget(index, address), Errno.EADDRNOTAVAIL);
    }

    /// <param name="index">Only of this link; none when there is no such link.</param>
    public IReadOnlyList<LinkAddress> Addresses(int? index = null)
    {
        var request = new NetlinkRequest(
            stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_GETADDR, RouteConstants.NLM_F_DUMP);
        request.Put(new AddressPart { Index = index ?? 0 });
        var addresses = _kernel.Read<LinkAddress, string>(request, LinkAddress.Read, "list", "addresses", Errno.ENODEV);
        if (index is not null)
        {
            addresses.RemoveAll(address => address.Index != index);
        }

        return addresses;
    }

    private static NetlinkRequest AddressRequest(Span<byte> buffer, ushort type, ushort flags, int index, InterfaceAddress address)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        ArgumentNullException.ThrowIfNull(address.Address);
        var request = new NetlinkRequest(buffer, type, flags);
        request.Put(new AddressPart { Family = FamilyOf(address.Address), Prefix = (byte)address.Prefix, Index = index });
        PutAddress(ref request, RouteConstants.IFA_LOCAL, address.Address);
        PutAddress(ref request, RouteConstants.IFA_ADDRESS, address.Address);
        return request;
    }

    private static byte FamilyOf(IPAddress address) =>
        (byte)(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? Libc.AF_INET6 : Libc.AF_INET);

    private static void PutAddress(ref NetlinkRequest request, ushort attribute, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[LargestAddress];
        address.TryWriteBytes(bytes, out var length);
        request.PutBytes(attribute, bytes[..length]);
    }

    private readonly record struct AddressTarget(int Index, InterfaceAddress Address)
    {
        public override string ToString() => $"{Address} of link {Index}";
    }
}
