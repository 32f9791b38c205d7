using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>A network link as it was when the kernel was asked. rtnetlink(7)</summary>
public sealed record Link
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    /// <summary><c>bridge</c>, <c>veth</c>, <c>macvlan</c>, <c>vlan</c> …; null for hardware and the loopback.</summary>
    public string? Kind { get; init; }

    public string? MacAddress { get; init; }

    public int Mtu { get; init; }

    public bool IsUp { get; init; }

    /// <summary>It is up, and so is what is at its other end.</summary>
    public bool HasCarrier { get; init; }

    /// <summary>The group that firewalls know it by.</summary>
    public int Group { get; init; }

    /// <summary>Index of the bridge that it is a port of; 0 when of none.</summary>
    public int Master { get; init; }

    /// <summary>Index of what it sits on, or of its peer; 0 when there is none.</summary>
    public int Parent { get; init; }

    /// <summary>The parent's index is one of another namespace.</summary>
    public bool IsParentElsewhere { get; init; }

    /// <summary>Null unless it is a port of a bridge.</summary>
    public bool? IsIsolated { get; init; }

    /// <summary>Null unless it is a port of a bridge.</summary>
    public bool? IsHairpin { get; init; }

    public MacvlanMode? MacvlanMode { get; init; }

    public int? VlanId { get; init; }

    internal static unsafe void Read(NetlinkMessage message, List<Link> found)
    {
        if (message.Type != RouteConstants.RTM_NEWLINK || !MemoryMarshal.TryRead<LinkPart>(message.Body, out var part))
        {
            return;
        }

        // A record's copies would be one object for each attribute.
        string? name = null;
        string? mac = null;
        int mtu = 0, group = 0, master = 0, parent = 0;
        var isElsewhere = false;
        LinkDetails details = default;
        var attributes = message.Attributes(sizeof(LinkPart));
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case RouteConstants.IFLA_IFNAME:
                    name = attributes.Text;
                    break;
                case RouteConstants.IFLA_ADDRESS when attributes.Value.Length == EthernetAddress.Size:
                    mac = EthernetAddress.Format(attributes.Value);
                    break;
                case RouteConstants.IFLA_MTU:
                    mtu = attributes.Read<int>();
                    break;
                case RouteConstants.IFLA_GROUP:
                    group = attributes.Read<int>();
                    break;
                case RouteConstants.IFLA_MASTER:
                    master = attributes.Read<int>();
                    break;
                case RouteConstants.IFLA_LINK:
                    parent = attributes.Read<int>();
                    break;
                case RouteConstants.IFLA_LINK_NETNSID:
                    isElsewhere = true;
                    break;
                case RouteConstants.IFLA_LINKINFO:
                    details = LinkDetails.Read(attributes.Nested);
                    break;
            }
        }

        found.Add(new Link
        {
            Index = part.Index,
            Name = name ?? "",
            Kind = details.Kind,
            MacAddress = mac,
            Mtu = mtu,
            IsUp = (part.Flags & RouteConstants.IFF_UP) != 0,
            HasCarrier = (part.Flags & RouteConstants.IFF_LOWER_UP) != 0,
            Group = group,
            Master = master,
            Parent = parent,
            IsParentElsewhere = isElsewhere,
            IsIsolated = details.IsIsolated,
            IsHairpin = details.IsHairpin,
            MacvlanMode = details.MacvlanMode,
            VlanId = details.VlanId,
        });
    }
}
