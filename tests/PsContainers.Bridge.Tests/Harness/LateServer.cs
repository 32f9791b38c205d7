using System.Net;
using System.Net.Sockets;
using PsContainers.Linux;

namespace PsContainers.Bridge.Tests.Harness;

/// <summary>A server of datagrams that answers when it is told to.</summary>
internal sealed class LateServer(NetworkNamespace network, int port) : IDisposable
{
    private const int Patience = 5000;

    private readonly Socket _socket = network.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        return socket;
    });

    /// <summary>Who asks.</summary>
    internal EndPoint Receive()
    {
        EndPoint client = new IPEndPoint(IPAddress.Any, 0);
        _socket.ReceiveFrom(new byte[64], ref client);
        return client;
    }

    internal void Answer(EndPoint client) => _socket.SendTo("!"u8, client);

    public void Dispose() => _socket.Dispose();
}
