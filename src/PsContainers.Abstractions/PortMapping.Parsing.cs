using System.Globalization;
using System.Net;

namespace PsContainers;

/// <content>The notation of <c>docker run --publish</c>: <c>[[address:][port[-port]]:]port[-port][/protocol]</c>.</content>
public sealed partial record PortMapping
{
    private const int LastPort = 65535;
    private const int LongestRange = 4096;

    /// <summary>Reads one notation; a range of ports becomes as many mappings.</summary>
    /// <exception cref="FormatException">It says what is wrong with <paramref name="text"/>.</exception>
    public static IReadOnlyList<PortMapping> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (rest, protocol) = Protocols(text);
        var (address, ports) = HostPart(text, rest);
        var colon = ports.IndexOf(':', StringComparison.Ordinal);
        var container = Range(text, colon < 0 ? ports : ports[(colon + 1)..]);
        var host = colon < 0 || ports[..colon].Length == 0 ? (First: 0, Count: container.Count) : Range(text, ports[..colon]);
        if (host.Count != container.Count)
        {
            throw new FormatException($"port '{text}': {host.Count} ports of the host and {container.Count} of the container");
        }

        return
        [
            .. Enumerable.Range(0, container.Count).Select(i => new PortMapping
            {
                HostAddress = address,
                HostPort = host.First == 0 ? 0 : host.First + i,
                ContainerPort = container.First + i,
                Protocol = protocol,
            }),
        ];
    }

    private static (string Address, string Protocol) Protocols(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return (text, "tcp");
        }

        var protocol = text[(slash + 1)..].ToLowerInvariant();
        return protocol is "tcp" or "udp" or "sctp"
            ? (text[..slash], protocol)
            : throw new FormatException($"port '{text}': the protocol '{protocol}' is none of tcp, udp, sctp");
    }

    private static (string? Address, string Ports) HostPart(string text, string rest)
    {
        string address, ports;
        if (rest.StartsWith('['))
        {
            var end = rest.IndexOf("]:", StringComparison.Ordinal);
            if (end < 0)
            {
                throw new FormatException($"port '{text}': an IPv6 address stands in brackets, with a colon behind them");
            }

            (address, ports) = (rest[1..end], rest[(end + 2)..]);
        }
        else if (rest.Count(':') < 2)
        {
            return (null, rest);
        }
        else
        {
            var colon = rest.IndexOf(':', StringComparison.Ordinal);
            (address, ports) = (rest[..colon], rest[(colon + 1)..]);
        }

        // 127.1 would be an address to inet_aton(3), and hardly what was meant.
        var isAddress = IPAddress.TryParse(address, out var parsed)
            && (address.Contains(':', StringComparison.Ordinal) || address.Count('.') == 3);
        if (!isAddress || ports.Count(':') > 1)
        {
            throw new FormatException($"port '{text}': '{address}' is not an IP address");
        }

        return (parsed!.ToString(), ports.Contains(':', StringComparison.Ordinal) ? ports : ":" + ports);
    }

    private static (int First, int Count) Range(string text, string range)
    {
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        var first = Number(text, dash < 0 ? range : range[..dash]);
        var last = dash < 0 ? first : Number(text, range[(dash + 1)..]);
        return last >= first && last - first < LongestRange
            ? (first, last - first + 1)
            : throw new FormatException($"port '{text}': the range '{range}' runs backwards, or is longer than {LongestRange} ports");
    }

    private static int Number(string text, string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= LastPort
            ? number
            : throw new FormatException($"port '{text}': '{digits}' is not a number from 1 to {LastPort}");
}
