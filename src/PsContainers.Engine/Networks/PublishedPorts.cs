using System.Net;
using System.Net.Sockets;
using PsContainers.Engine.Errors;

namespace PsContainers.Engine.Networks;

/// <summary>Ports of the host: which ones exclude each other, and whether somebody on the host listens already.</summary>
internal static class PublishedPorts
{
    private const int LastPort = 65535;

    /// <exception cref="ContainerEngineException">InvalidPort: a number or protocol is none, or two lead to different places.</exception>
    /// <returns>The same ports, with addresses in the one notation that can be compared.</returns>
    public static IReadOnlyList<PortMapping> Check(IReadOnlyList<PortMapping> given)
    {
        List<PortMapping> ports = [.. given.Select(WithPlainAddress)];
        for (var i = 0; i < ports.Count; i++)
        {
            var port = ports[i];
            if (Fault(port) is { } cause)
            {
                throw EngineErrors.InvalidPort(port.ToString(), cause);
            }

            if (port.HostPort > 0 && ports.Take(i).FirstOrDefault(other => Excludes(port, other)) is { } other)
            {
                throw EngineErrors.InvalidPort(port.ToString(), $"'{other}' has that port of the host");
            }
        }

        return ports;
    }

    /// <summary>Whether two addresses of the host, empty for all of them, have one in common.</summary>
    public static bool Overlap(string one, string other) =>
        one == other || one.Length == 0 || other.Length == 0 || (IsV6(one) == IsV6(other) && (IsAny(one) || IsAny(other)));

    /// <summary>Whether somebody on the host has the port: then the kernel refuses it to us. Nothing is held afterwards.</summary>
    /// <param name="resolvers">Where our own resolvers may have it, which is no obstacle to publish it for all other addresses.</param>
    /// <returns>The port, or one that is free where 0 was asked for; null when it is taken.</returns>
    public static int? Probe(PortMapping port, Func<IReadOnlyCollection<IPAddress>> resolvers)
    {
        if (port.Protocol == "sctp")
        {
            // Listeners of SCTP are few, and sockets of it not to be had without its module.
            return port.HostPort > 0 ? port.HostPort : Random.Shared.Next(49152, LastPort + 1);
        }

        if (TryBind(port, isShared: false) is { } free)
        {
            return free;
        }

        var sockets = HostSockets.At(port.Protocol, port.HostPort);
        if (sockets.Count == 0)
        {
            return null; // one that was bound and no more
        }

        if (port.HostAddress is null || IsAny(port.HostAddress))
        {
            var own = resolvers();
            if (sockets.All(own.Contains))
            {
                return port.HostPort;
            }
        }

        // A server that ended leaves connections behind that keep nobody from listening, for a minute (TIME_WAIT).
        return port.Protocol == "tcp" ? TryBind(port, isShared: true) : null;
    }

    // Shared as servers do it (SO_REUSEADDR): then of TCP only a socket that listens is in the way. The framework does so for every socket
    // that is said to be of TCP (SystemNative_Bind); one that is not is none the less.
    private static int? TryBind(PortMapping port, bool isShared)
    {
        // One socket of IPv6 takes both families, as net.ipv6.bindv6only is 0 for it.
        var address = port.HostAddress is { } given ? IPAddress.Parse(given)
            : Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        var (kind, protocol) = port.Protocol == "udp" ? (SocketType.Dgram, ProtocolType.Udp)
            : (SocketType.Stream, isShared ? ProtocolType.Tcp : ProtocolType.Unspecified);
        using var socket = new Socket(address.AddressFamily, kind, protocol);
        if (port.HostAddress is null && address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = true;
        }

        try
        {
            socket.Bind(new IPEndPoint(address, port.HostPort));
            return ((IPEndPoint)socket.LocalEndPoint!).Port;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return null;
        }
        catch (SocketException e)
        {
            throw EngineErrors.InvalidPort(port.ToString(), e.Message);
        }
    }

    private static PortMapping WithPlainAddress(PortMapping port) =>
        IPAddress.TryParse(port.HostAddress, out var address) ? port with { HostAddress = address.ToString() } : port;

    private static bool Excludes(PortMapping port, PortMapping other) =>
        port.HostPort == other.HostPort && port.Protocol == other.Protocol && Overlap(port.HostAddress ?? "", other.HostAddress ?? "");

    private static string? Fault(PortMapping port) => port switch
    {
        { ContainerPort: < 1 or > LastPort } => $"{port.ContainerPort} is not a port of a container, 1 to {LastPort}",
        { HostPort: < 0 or > LastPort } => $"{port.HostPort} is not a port of the host, 1 to {LastPort}, or 0 for any",
        { Protocol: not ("tcp" or "udp" or "sctp") } => $"'{port.Protocol}' is none of tcp, udp, sctp",
        { HostAddress: { } address } when !IPAddress.TryParse(address, out _) => $"'{address}' is not an IP address",
        _ => null,
    };

    private static bool IsAny(string address) => address is "0.0.0.0" or "::";

    private static bool IsV6(string address) => address.Contains(':', StringComparison.Ordinal);
}
