using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Plugins.Conformance;

/// <summary>The links, addresses and routes of a network namespace at one moment.</summary>
internal sealed class HostState
{
    // The kernel takes a link's other end, and what depends on it, away a little later.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);
    private readonly NetworkNamespace? _network;
    private readonly HashSet<string> _lines;

    private HostState(NetworkNamespace? network)
    {
        _network = network;
        _lines = [.. Read(network)];
    }

    /// <param name="network">Null for the one that this thread is in.</param>
    public static HostState Of(NetworkNamespace? network) => new(network);

    /// <summary>What was not there at that moment; waits a little for it to go.</summary>
    public IReadOnlyList<string> Additions()
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(20))
        {
            var additions = Read(_network).Where(line => !_lines.Contains(line)).ToList();
            if (additions.Count == 0 || waited >= _patience)
            {
                return additions;
            }

            Thread.Sleep(20);
        }
    }

    private static List<string> Read(NetworkNamespace? network)
    {
        using var route = network is null ? RouteSocket.Open() : RouteSocket.Open(network);
        var links = route.Links();
        var names = links.ToDictionary(link => link.Index, link => link.Name);
        return
        [
            .. links.Select(link => $"link {link.Name}"),
            .. route.Addresses().Select(address => $"address {address.Address} of {names.GetValueOrDefault(address.Index)}"),
            .. route.Routes().Select(found => $"route {found}"),
        ];
    }
}
