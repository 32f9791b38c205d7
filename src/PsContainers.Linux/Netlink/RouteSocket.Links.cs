using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>Finds, changes and removes links.</summary>
public sealed partial class RouteSocket
{
    /// <summary>Null when no link has this name.</summary>
    public Link? FindLink(string name)
    {
        var request = LinkQuery(stackalloc byte[NetlinkRequest.Capacity], 0, 0);
        request.PutString(RouteConstants.IFLA_IFNAME, Checked(name));
        return _kernel.Find<Link, string>(request, Link.Read, "find link", name, Errno.ENODEV);
    }

    /// <summary>Null when no link has this number.</summary>
    public Link? FindLink(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        var request = LinkQuery(stackalloc byte[NetlinkRequest.Capacity], index, 0);
        return _kernel.Find<Link, int>(request, Link.Read, "find link", index, Errno.ENODEV);
    }

    /// <param name="master">Only the ports of this bridge.</param>
    public IReadOnlyList<Link> Links(int? master = null)
    {
        var request = LinkQuery(stackalloc byte[NetlinkRequest.Capacity], 0, RouteConstants.NLM_F_DUMP);
        if (master is { } bridge)
        {
            request.Put(RouteConstants.IFLA_MASTER, bridge);
        }

        var links = _kernel.Read<Link, string>(request, Link.Read, "list", "links", Errno.ENODEV);
        if (master is not null)
        {
            links.RemoveAll(link => link.Master != master);
        }

        return links;
    }

    /// <summary>Changes a link. When the kernel refuses one thing, what stands before it in <see cref="LinkChange"/> may be done.</summary>
    public void Change(int index, LinkChange change)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        var changesPort = change.IsIsolated is not null || change.IsHairpin is not null;

        // The kernel gives the address as the link comes up.
        if (change.HasLinkLocalAddress is { } hasAddress)
        {
            SetAddressGeneration(index, hasAddress);
        }

        ChangeLink(index, change, changesPort ? null : change.IsUp);
        if (changesPort)
        {
            // An isolated port is never up without being isolated.
            ChangePort(index, change);
            ChangeLink(index, new LinkChange(), change.IsUp);
        }
    }

    /// <summary>Removes a link, and with a veth its peer; false when there is none of this number.</summary>
    public bool Remove(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(index);
        var request = LinkRequest(stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_DELLINK, RouteConstants.NLM_F_ACK, index);
        return _kernel.PerformIfThere(request, "remove link", index, Errno.ENODEV);
    }

    /// <summary>Removes a link, and with a veth its peer; false when there is none of this name.</summary>
    public bool Remove(string name)
    {
        var request = LinkRequest(stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_DELLINK, RouteConstants.NLM_F_ACK, 0);
        request.PutString(RouteConstants.IFLA_IFNAME, Checked(name));
        return _kernel.PerformIfThere(request, "remove link", name, Errno.ENODEV);
    }

    private static NetlinkRequest LinkQuery(Span<byte> buffer, int index, ushort flags)
    {
        var request = LinkRequest(buffer, RouteConstants.RTM_GETLINK, flags, index);
        request.Put(RouteConstants.IFLA_EXT_MASK, RouteConstants.RTEXT_FILTER_SKIP_STATS);
        return request;
    }

    private static NetlinkRequest LinkRequest(Span<byte> buffer, ushort type, ushort flags, int index, bool? isUp = null)
    {
        var request = new NetlinkRequest(buffer, type, flags);
        request.Put(LinkPart.For(index, isUp));
        return request;
    }

    private static void PutHardwareAddress(ref NetlinkRequest request, string? address)
    {
        if (address is not null)
        {
            Span<byte> bytes = stackalloc byte[EthernetAddress.Size];
            EthernetAddress.Parse(address, bytes);
            request.PutBytes(RouteConstants.IFLA_ADDRESS, bytes);
        }
    }

    private static void PutMtu(ref NetlinkRequest request, int? mtu)
    {
        if (mtu is { } bytes)
        {
            request.Put(RouteConstants.IFLA_MTU, bytes);
        }
    }

    private static void PutNamespace(ref NetlinkRequest request, NetworkNamespace? network)
    {
        if (network is not null)
        {
            request.Put(RouteConstants.IFLA_NET_NS_FD, network.Number);
        }
    }

    private void ChangeLink(int index, LinkChange change, bool? isUp)
    {
        if (isUp is null && change is { Name: null, Master: null, Mtu: null, Group: null, MacAddress: null, Namespace: null })
        {
            return;
        }

        var request = LinkRequest(
            stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_NEWLINK, RouteConstants.NLM_F_ACK, index, isUp);
        PutHardwareAddress(ref request, change.MacAddress);
        PutMtu(ref request, change.Mtu);
        if (change.Name is { } name)
        {
            request.PutString(RouteConstants.IFLA_IFNAME, Checked(name));
        }

        if (change.Master is { } master)
        {
            request.Put(RouteConstants.IFLA_MASTER, master);
        }

        if (change.Group is { } group)
        {
            request.Put(RouteConstants.IFLA_GROUP, group);
        }

        PutNamespace(ref request, change.Namespace);
        _kernel.Perform(request, "change link", index);
        GC.KeepAlive(change.Namespace);
    }

    private void SetAddressGeneration(int index, bool isOn)
    {
        var request = LinkRequest(stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_NEWLINK, RouteConstants.NLM_F_ACK, index);
        var families = request.BeginNest(RouteConstants.IFLA_AF_SPEC);
        var family = request.BeginNest(Libc.AF_INET6);
        request.Put(
            RouteConstants.IFLA_INET6_ADDR_GEN_MODE,
            isOn ? RouteConstants.IN6_ADDR_GEN_MODE_EUI64 : RouteConstants.IN6_ADDR_GEN_MODE_NONE);
        request.EndNest(family);
        request.EndNest(families);
        _kernel.Perform(request, "change link", index);
    }

    private void ChangePort(int index, LinkChange change)
    {
        var request = new NetlinkRequest(
            stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_SETLINK, RouteConstants.NLM_F_ACK);
        request.Put(new LinkPart { Family = Libc.AF_BRIDGE, Index = index });
        var port = request.BeginNest(RouteConstants.IFLA_PROTINFO);
        if (change.IsIsolated is { } isIsolated)
        {
            request.Put(RouteConstants.IFLA_BRPORT_ISOLATED, (byte)(isIsolated ? 1 : 0));
        }

        if (change.IsHairpin is { } isHairpin)
        {
            request.Put(RouteConstants.IFLA_BRPORT_MODE, (byte)(isHairpin ? 1 : 0));
        }

        request.EndNest(port);
        _kernel.Perform(request, "change bridge port", index);
    }
}
