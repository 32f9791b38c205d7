using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>Adds links; each is added whole or not at all.</summary>
public sealed partial class RouteSocket
{
    private const int LastVlan = 4094;

    /// <summary>Adds a bridge, which is down.</summary>
    /// <param name="mac">Without one it has that of its ports with the lowest, and changes it as they come and go.</param>
    /// <param name="vlanFiltering">Null leaves it off, and does without the kernel's part that does it.</param>
    /// <returns>Its index.</returns>
    public int AddBridge(string name, string? mac = null, int? mtu = null, bool? vlanFiltering = null)
    {
        var request = NewLink(stackalloc byte[NetlinkRequest.Capacity], name, false);
        PutHardwareAddress(ref request, mac);
        var info = BeginKind(ref request, "bridge"u8);
        if (vlanFiltering is { } isOn)
        {
            var data = request.BeginNest(RouteConstants.IFLA_INFO_DATA);
            request.Put(RouteConstants.IFLA_BR_VLAN_FILTERING, (byte)(isOn ? 1 : 0));
            request.EndNest(data);
        }

        request.EndNest(info);
        _kernel.Perform(request, "add link", name);
        var index = IndexOf(name);
        try
        {
            // Said to a bridge that exists: one that was made with it still takes the smallest of its ports'.
            Change(index, new LinkChange { Mtu = mtu });
            return index;
        }
        catch (LinuxException)
        {
            Remove(index);
            throw;
        }
    }

    /// <summary>Adds a pair of links in one step, so that nobody ever sees half of it or the peer outside of its namespace.</summary>
    public void AddVeth(VethRequest pair)
    {
        var request = NewLink(stackalloc byte[NetlinkRequest.Capacity], pair.Name, pair.IsUp);
        PutHardwareAddress(ref request, pair.MacAddress);
        PutMtu(ref request, pair.Mtu);
        if (pair.Master is { } master)
        {
            request.Put(RouteConstants.IFLA_MASTER, master);
        }

        var info = BeginKind(ref request, "veth"u8);
        var data = request.BeginNest(RouteConstants.IFLA_INFO_DATA);
        var peer = request.BeginNest(RouteConstants.VETH_INFO_PEER);
        request.Put(default(LinkPart));
        request.PutString(RouteConstants.IFLA_IFNAME, Checked(pair.PeerName));
        PutHardwareAddress(ref request, pair.PeerMacAddress);
        PutMtu(ref request, pair.Mtu);
        PutNamespace(ref request, pair.PeerNamespace);
        request.EndNest(peer);
        request.EndNest(data);
        request.EndNest(info);
        _kernel.Perform(request, "add link", pair.Name);
        GC.KeepAlive(pair.PeerNamespace);
    }

    /// <summary>Adds a link with a MAC address of its own on top of another, which is down.</summary>
    /// <param name="target">The namespace that it is made in; null for the socket's, where <paramref name="parent"/> is.</param>
    /// <returns>Its index there.</returns>
    public int AddMacvlan(
        string name, int parent, MacvlanMode mode, NetworkNamespace? target = null, string? mac = null, int? mtu = null)
    {
        var request = NewLink(stackalloc byte[NetlinkRequest.Capacity], name, false);
        request.Put(RouteConstants.IFLA_LINK, parent);
        PutHardwareAddress(ref request, mac);
        PutMtu(ref request, mtu);
        PutNamespace(ref request, target);
        var info = BeginKind(ref request, "macvlan"u8);
        var data = request.BeginNest(RouteConstants.IFLA_INFO_DATA);
        request.Put(RouteConstants.IFLA_MACVLAN_MODE, (uint)mode);
        request.EndNest(data);
        request.EndNest(info);

        // Opened before, so that nothing can fail once the link is there.
        using var there = target is null ? null : Open(target);
        _kernel.Perform(request, "add link", name);
        return (there ?? this).IndexOf(name);
    }

    /// <summary>Adds a link for what of another's traffic is tagged with a number, which is down. IEEE 802.1Q</summary>
    /// <param name="id">1 to 4094.</param>
    /// <returns>Its index.</returns>
    public int AddVlan(string name, int parent, int id)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(id, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(id, LastVlan);
        var request = NewLink(stackalloc byte[NetlinkRequest.Capacity], name, false);
        request.Put(RouteConstants.IFLA_LINK, parent);
        var info = BeginKind(ref request, "vlan"u8);
        var data = request.BeginNest(RouteConstants.IFLA_INFO_DATA);
        request.Put(RouteConstants.IFLA_VLAN_ID, (ushort)id);
        request.EndNest(data);
        request.EndNest(info);
        _kernel.Perform(request, "add link", name);
        return IndexOf(name);
    }

    private static NetlinkRequest NewLink(Span<byte> buffer, string name, bool isUp)
    {
        var request = LinkRequest(buffer, RouteConstants.RTM_NEWLINK, Creation, 0, isUp ? true : null);
        request.PutString(RouteConstants.IFLA_IFNAME, Checked(name));
        return request;
    }

    private static int BeginKind(ref NetlinkRequest request, ReadOnlySpan<byte> kind)
    {
        var info = request.BeginNest(RouteConstants.IFLA_LINKINFO);
        request.PutString(RouteConstants.IFLA_INFO_KIND, kind);
        return info;
    }

    private int IndexOf(string name) =>
        FindLink(name)?.Index ?? throw new LinuxException("find link", name, Errno.ENODEV, "somebody has removed or renamed it already");
}
