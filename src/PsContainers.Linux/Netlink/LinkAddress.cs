using System.Net;
using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>An address that a link has.</summary>
/// <param name="Index">The link's.</param>
public sealed record LinkAddress(int Index, InterfaceAddress Address, AddressFlags Flags)
{
    internal static unsafe void Read(NetlinkMessage message, List<LinkAddress> found)
    {
        if (message.Type != RouteConstants.RTM_NEWADDR || !MemoryMarshal.TryRead<AddressPart>(message.Body, out var part))
        {
            return;
        }

        ReadOnlySpan<byte> address = default;
        ReadOnlySpan<byte> local = default;
        var flags = (AddressFlags)part.Flags;
        var attributes = message.Attributes(sizeof(AddressPart));
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case RouteConstants.IFA_ADDRESS:
                    address = attributes.Value;
                    break;
                case RouteConstants.IFA_LOCAL: // differs from the other on a line from point to point, where that is the far end's
                    local = attributes.Value;
                    break;
                case RouteConstants.IFA_FLAGS:
                    flags = (AddressFlags)attributes.Read<uint>();
                    break;
            }
        }

        var own = local.IsEmpty ? address : local;
        if (own.Length is 4 or 16)
        {
            found.Add(new LinkAddress(part.Index, new InterfaceAddress(new IPAddress(own), part.Prefix), flags));
        }
    }
}
