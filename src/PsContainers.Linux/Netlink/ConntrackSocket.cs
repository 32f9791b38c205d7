using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>The connections that the kernel tracks in the network namespace that the socket was made in. conntrack(8)</summary>
/// <remarks>Every failure is a <see cref="LinuxException"/>: EINVAL where the kernel lacks nf_conntrack_netlink.</remarks>
public sealed class ConntrackSocket : IDisposable
{
    private readonly NetlinkConversation _kernel;

    private ConntrackSocket(NetlinkConversation kernel) => _kernel = kernel;

    /// <summary>For the calling thread's namespace.</summary>
    public static ConntrackSocket Open() => new(new NetlinkConversation(NetlinkSocket.Open(ConntrackConstants.NETLINK_NETFILTER)));

    /// <summary>Of both families.</summary>
    public IReadOnlyList<TrackedConnection> Connections() => [.. ConnectionsOf(Libc.AF_INET), .. ConnectionsOf(Libc.AF_INET6)];

    /// <summary>Has the kernel forget a connection, so that its next packet is a first one; false when it has done so already.</summary>
    public bool Forget(TrackedConnection connection)
    {
        var request = Request(
            stackalloc byte[NetlinkRequest.Capacity],
            ConntrackConstants.IPCTNL_MSG_CT_DELETE,
            RouteConstants.NLM_F_ACK,
            connection.Family);

        // Without it the kernel would forget all of them.
        request.PutBytes(ConntrackConstants.CTA_TUPLE_ORIG | RouteConstants.NLA_F_NESTED, connection.Original);
        if (connection.Zone is not null)
        {
            request.PutBytes(ConntrackConstants.CTA_ZONE, connection.Zone);
        }

        if (connection.Id is not null)
        {
            request.PutBytes(ConntrackConstants.CTA_ID, connection.Id);
        }

        return _kernel.PerformIfThere(request, "forget connection to", connection.Destination, Errno.ENOENT);
    }

    public void Dispose() => _kernel.Dispose();

    private List<TrackedConnection> ConnectionsOf(int family)
    {
        var request = Request(
            stackalloc byte[NetlinkRequest.Capacity], ConntrackConstants.IPCTNL_MSG_CT_GET, RouteConstants.NLM_F_DUMP, (byte)family);
        return _kernel.Read<TrackedConnection, string>(request, TrackedConnection.Read, "list", "connections", Errno.ENOENT);
    }

    private static NetlinkRequest Request(Span<byte> buffer, ushort message, ushort flags, byte family)
    {
        var request = new NetlinkRequest(buffer, (ushort)((ConntrackConstants.NFNL_SUBSYS_CTNETLINK << 8) | message), flags);
        request.Put(new ConntrackPart { Family = family });
        return request;
    }
}
