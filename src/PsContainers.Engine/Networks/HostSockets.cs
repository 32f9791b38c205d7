using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PsContainers.Engine.Networks;

/// <summary>The sockets of the host's programs, as /proc/net tells of them. proc_net(5)</summary>
internal static class HostSockets
{
    private const string Folder = "/proc/thread-self/net";

    /// <summary>
    /// The local addresses of the sockets with a port. Of TCP those of listeners and of connections, also past ones; a socket that was
    /// bound and no more is not among them.
    /// </summary>
    public static IReadOnlyList<IPAddress> At(string protocol, int port) =>
    [
        .. new[] { protocol, protocol + "6" }
            .Select(table => Path.Combine(Folder, table))
            .Where(File.Exists)
            .SelectMany(table => Parse(File.ReadLines(table)))
            .Where(local => local.Port == port)
            .Select(local => local.Address),
    ];

    /// <summary>
    /// Reads lines of <c>sl local_address rem_address st …</c>, where an address is <c>0100007F:0035</c>: words as this machine has them
    /// in memory, and a number.
    /// </summary>
    public static IEnumerable<IPEndPoint> Parse(IEnumerable<string> lines)
    {
        foreach (var line in lines.Skip(1))
        {
            var local = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Split(':');
            var address = new IPAddress([.. local[0].Chunk(8).SelectMany(word => BitConverter.GetBytes(Number(word)))]);
            var isMapped = address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6;
            yield return new IPEndPoint(isMapped ? address.MapToIPv4() : address, (int)Number(local[1]));
        }
    }

    private static uint Number(ReadOnlySpan<char> digits) =>
        uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
