using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>What is particular to links of one kind (IFLA_LINKINFO), of which only what is read has a member.</summary>
internal struct LinkDetails
{
    internal string? Kind;
    internal bool? IsIsolated;
    internal bool? IsHairpin;
    internal MacvlanMode? MacvlanMode;
    internal int? VlanId;

    // The kernel says what kind it is before it says the rest.
    internal static LinkDetails Read(NetlinkAttributes attributes)
    {
        LinkDetails details = default;
        var isPort = false;
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case RouteConstants.IFLA_INFO_KIND:
                    details.Kind = KindOf(attributes.Value.TrimEnd((byte)0));
                    break;
                case RouteConstants.IFLA_INFO_DATA:
                    details.ReadData(attributes.Nested);
                    break;
                case RouteConstants.IFLA_INFO_SLAVE_KIND:
                    isPort = attributes.Value.TrimEnd((byte)0).SequenceEqual("bridge"u8);
                    break;
                case RouteConstants.IFLA_INFO_SLAVE_DATA when isPort:
                    details.ReadPort(attributes.Nested);
                    break;
            }
        }

        return details;
    }

    // A host has hundreds of veths: no text of its own for each.
    private static string KindOf(ReadOnlySpan<byte> text) => text.SequenceEqual("veth"u8) ? "veth" : Encoding.UTF8.GetString(text);

    private void ReadData(NetlinkAttributes attributes)
    {
        while (attributes.MoveNext())
        {
            if (attributes.Type == RouteConstants.IFLA_MACVLAN_MODE && Kind == "macvlan")
            {
                MacvlanMode = (MacvlanMode)attributes.Read<uint>();
            }
            else if (attributes.Type == RouteConstants.IFLA_VLAN_ID && Kind == "vlan")
            {
                VlanId = attributes.Read<ushort>();
            }
        }
    }

    private void ReadPort(NetlinkAttributes attributes)
    {
        while (attributes.MoveNext())
        {
            if (attributes.Type == RouteConstants.IFLA_BRPORT_MODE)
            {
                IsHairpin = attributes.Read<byte>() != 0;
            }
            else if (attributes.Type == RouteConstants.IFLA_BRPORT_ISOLATED)
            {
                IsIsolated = attributes.Read<byte>() != 0;
            }
        }
    }
}
