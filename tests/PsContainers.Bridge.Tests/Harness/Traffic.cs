using System.Net;
using System.Net.Sockets;
using System.Text;
using PsContainers.Linux;

namespace PsContainers.Bridge.Tests.Harness;

/// <summary>Servers that tell a client what address they see it by, and clients that ask.</summary>
internal static class Traffic
{
    private const int Patience = 5000;

    // A packet that is dropped is noticed by nothing but time.
    private const int PatienceInVain = 700;

    /// <summary>Listens in a namespace on all addresses until it is disposed of.</summary>
    internal static IDisposable Serve(this NetworkNamespace network, int port, bool isUdp = false) => network.Run<IDisposable>(() =>
    {
        var socket = isUdp
            ? new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp) { DualMode = true }
            : new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        if (!isUdp)
        {
            socket.Listen(64);
        }

        _ = isUdp ? AnswerDatagrams(socket) : AnswerConnections(socket);
        return socket;
    });

    /// <summary>The address that the server sees; null when none answers.</summary>
    internal static string? Ask(this NetworkNamespace network, string address, int port, bool isUdp = false) =>
        Ask(network, address, port, isUdp, null, Patience);

    /// <summary>The same where null is expected.</summary>
    internal static string? AskInVain(this NetworkNamespace network, string address, int port, bool isUdp = false, string? from = null) =>
        Ask(network, address, port, isUdp, from, PatienceInVain);

    private static string? Ask(NetworkNamespace network, string address, int port, bool isUdp, string? from, int patience) =>
        network.Run(() =>
        {
            var target = new IPEndPoint(IPAddress.Parse(address), port);
            using var socket = isUdp
                ? new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
                : new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                if (from is not null)
                {
                    socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                }

                return isUdp ? AskByDatagram(socket, target, patience) : AskByConnection(socket, target, patience);
            }
            catch (SocketException)
            {
                return null;
            }
        });

    private static string? AskByConnection(Socket socket, IPEndPoint target, int patience)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(target);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            if (!socket.Poll(patience * 1000, SelectMode.SelectWrite))
            {
                return null;
            }
        }

        socket.Blocking = true;
        socket.ReceiveTimeout = patience;
        var buffer = new byte[64];
        var length = socket.Receive(buffer);
        return length == 0 ? null : Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static string? AskByDatagram(Socket socket, IPEndPoint target, int patience)
    {
        socket.Connect(target);
        socket.ReceiveTimeout = patience;
        socket.Send("?"u8);
        var buffer = new byte[64];
        return Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static async Task AnswerConnections(Socket socket)
    {
        try
        {
            while (true)
            {
                using var connection = await socket.AcceptAsync();
                await connection.SendAsync(Seen(connection.RemoteEndPoint!));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }

    private static async Task AnswerDatagrams(Socket socket)
    {
        var buffer = new byte[64];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.IPv6Any, 0));
                await socket.SendToAsync(Seen(received.RemoteEndPoint), received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It was disposed of.
        }
    }

    private static byte[] Seen(EndPoint client)
    {
        var address = ((IPEndPoint)client).Address;
        return Encoding.ASCII.GetBytes($"{(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)}");
    }
}
