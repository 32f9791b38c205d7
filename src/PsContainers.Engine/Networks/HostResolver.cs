using System.Net;

namespace PsContainers.Engine.Networks;

/// <summary>Whom the host asks for names. resolv.conf(5)</summary>
internal sealed record HostResolver(IReadOnlyList<string> NameServers, IReadOnlyList<string> Search, IReadOnlyList<string> Options)
{
    private const string File = "/etc/resolv.conf";

    // Where systemd-resolved keeps the servers that it asks itself, when the host's file names only it: systemd-resolved.service(8).
    private const string BehindSystemd = "/run/systemd/resolve/resolv.conf";

    public static HostResolver OfHost() => Parse(Lines(File));

    /// <summary>Those that can be reached from elsewhere than the host itself.</summary>
    public static HostResolver OfHostForOthers()
    {
        var host = OfHost();
        var reachable = Reachable(host);
        return host with { NameServers = reachable.Count > 0 ? reachable : Reachable(Parse(Lines(BehindSystemd))) };
    }

    public static HostResolver Parse(IEnumerable<string> lines)
    {
        List<string> servers = [];
        IReadOnlyList<string> search = [];
        IReadOnlyList<string> options = [];
        foreach (var words in lines.Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)))
        {
            switch (words)
            {
                // The zone of a link-local address means nothing elsewhere; the parser takes it, and so does the C library.
                case ["nameserver", var server, ..] when IPAddress.TryParse(server, out _):
                    servers.Add(server);
                    break;
                case ["search" or "domain", .. var domains]:
                    search = domains;
                    break;
                case ["options", .. var given]:
                    options = [.. options, .. given];
                    break;
                default:
                    break;
            }
        }

        return new HostResolver(servers, search, options);
    }

    private static List<string> Reachable(HostResolver resolver) =>
        [.. resolver.NameServers.Where(server => !IPAddress.IsLoopback(IPAddress.Parse(server)))];

    private static string[] Lines(string path) => System.IO.File.Exists(path) ? System.IO.File.ReadAllLines(path) : [];
}
