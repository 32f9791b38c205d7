using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>
/// The links, addresses and routes of one network namespace: the one that the socket was made in, whatever the threads do that use it.
/// rtnetlink(7)
/// </summary>
/// <remarks>Threads that share one take turns. Every failure is a <see cref="LinuxException"/> in the kernel's words.</remarks>
public sealed partial class RouteSocket : IDisposable
{
    private const ushort Creation = RouteConstants.NLM_F_ACK | RouteConstants.NLM_F_CREATE | RouteConstants.NLM_F_EXCL;

    private readonly NetlinkConversation _kernel;

    private RouteSocket(NetlinkConversation kernel) => _kernel = kernel;

    /// <summary>For the calling thread's namespace.</summary>
    public static RouteSocket Open() => new(new NetlinkConversation(NetlinkSocket.Open()));

    public static RouteSocket Open(NetworkNamespace network) => new(new NetlinkConversation(NetlinkSocket.Open(network)));

    /// <summary>For a namespace that is made with it, and that <paramref name="network"/> then holds.</summary>
    internal static RouteSocket Make(NetworkNamespace network) => new(new NetlinkConversation(NetlinkSocket.Make(network)));

    public void Dispose() => _kernel.Dispose();

    // The kernel would cut some off, and take an empty one for none.
    private static string Checked(string name) => Encoding.UTF8.GetByteCount(name) switch
    {
        0 => throw new LinuxException("name link", "''", Errno.EINVAL, "the name is empty"),
        >= RouteConstants.IFNAMSIZ => throw new LinuxException(
            "name link", name, Errno.ENAMETOOLONG, $"at most {RouteConstants.IFNAMSIZ - 1} bytes"),
        _ => name,
    };
}
