using System.Net;
using System.Net.Sockets;
using PsContainers.Linux;

namespace PsContainers.Bridge.Tests.Harness;

/// <summary>A client of one server that keeps its port, and so is the same connection to the kernel each time.</summary>
internal sealed class DatagramClient(NetworkNamespace network, string address, int port) : IDisposable
{
    private const int Patience = 500;

    private readonly Socket _socket = network.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = Patience };
        socket.Connect(new IPEndPoint(IPAddress.Parse(address), port));
        return socket;
    });

    /// <summary>Whether somebody answers.</summary>
    internal bool Ask()
    {
        try
        {
            Send();
        }
        catch (SocketException)
        {
            return false; // the host's, to the question before: nobody listens
        }

        return HasAnswer();
    }

    internal void Send() => _socket.Send("?"u8);

    internal bool HasAnswer()
    {
        try
        {
            return _socket.Receive(new byte[64]) > 0;
        }
        catch (SocketException)
        {
            return false; // no answer, or the host's that nobody listens
        }
    }

    public void Dispose() => _socket.Dispose();
}
