using System.Globalization;
using System.Net;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Firewall;

/// <summary>
/// Makes UDP notice that ports were published or taken back. Rules see the first packet of a connection only, and to UDP that is one
/// for as long as somebody sends: to a container that has gone, or to nobody though there is a container now.
/// </summary>
internal static class TrackedDatagrams
{
    private const int Udp = 17;

    /// <param name="gone">Elements that were removed.</param>
    /// <param name="added">Elements that were added.</param>
    internal static void Forget(IReadOnlyList<FirewallElement> gone, IReadOnlyList<FirewallElement> added)
    {
        var (former, latter) = (TargetsOf(gone), PortsOf(added));
        if (former.Count + latter.Count == 0)
        {
            return;
        }

        try
        {
            using var kernel = ConntrackSocket.Open();
            using var route = RouteSocket.Open();
            var local = latter.Count == 0 ? [] : route.Addresses().Select(address => address.Address.Address).ToHashSet();
            foreach (var connection in kernel.Connections().Where(connection => connection.Protocol == Udp))
            {
                // Of a new port those that were not translated, and are for the host: what passes through to the same port of others is
                // none of ours, as questions of containers to name servers elsewhere.
                var isTranslated = !connection.Answerer.Equals(connection.Destination);
                var isNewPort = latter.Contains(connection.Destination.Port) && local.Contains(connection.Destination.Address);
                if (isTranslated ? former.Contains(connection.Answerer) : isNewPort)
                {
                    kernel.Forget(connection);
                }
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.EINVAL or Errno.EOPNOTSUPP)
        {
            // A kernel without nf_conntrack_netlink: the connection ends by itself when nobody sends for half a minute.
        }
    }

    private static HashSet<IPEndPoint> TargetsOf(IReadOnlyList<FirewallElement> elements) =>
    [
        .. elements.Where(IsUdp).Select(element => element.Value!.Split(" . "))
            .Select(target => new IPEndPoint(IPAddress.Parse(target[0]), int.Parse(target[1], CultureInfo.InvariantCulture))),
    ];

    private static HashSet<int> PortsOf(IReadOnlyList<FirewallElement> elements) =>
        [.. elements.Where(IsUdp).Select(element => int.Parse(element.Key.Split(" . ")[^1], CultureInfo.InvariantCulture))];

    private static bool IsUdp(FirewallElement element) =>
        element.Value is not null && element.Key.Split(" . ") is [.., "udp", _];
}
