using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>Asks a name server, by datagram or by connection.</summary>
internal sealed class DnsClient(IPEndPoint server)
{
    internal const ushort A = 1;
    internal const ushort PTR = 12;
    internal const ushort MX = 15;
    internal const ushort AAAA = 28;
    internal const ushort ANY = 255;
    private const int PatienceMilliseconds = 15_000;

    internal Reply Ask(string name, ushort type = A, int? payload = null) => new(Exchange(Question(name, type, payload)));

    internal byte[] Exchange(byte[] message, IPAddress? from = null)
    {
        using var socket = Connect(from);
        socket.Send(message);
        var buffer = new byte[65_535];
        return buffer[..socket.Receive(buffer)];
    }

    /// <summary>A socket for datagrams to the server, from an address of the caller's choice.</summary>
    internal Socket Connect(IPAddress? from = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = PatienceMilliseconds };
        if (from != null)
        {
            socket.Bind(new IPEndPoint(from, 0));
        }

        socket.Connect(server);
        return socket;
    }

    internal Socket ConnectStream()
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = PatienceMilliseconds };
        socket.Connect(server);
        return socket;
    }

    internal Reply AskByStream(string name, ushort type = A)
    {
        using var socket = ConnectStream();
        socket.Send(Framed(Question(name, type)));
        return ReadReply(socket);
    }

    internal static Reply ReadReply(Socket socket)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(ReadExactly(socket, 2));
        return new Reply(ReadExactly(socket, length));
    }

    internal static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    internal static byte[] ReadExactly(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = socket.Receive(bytes, at, count - at, SocketFlags.None);
            Assert.NotEqual(0, read);
            at += read;
        }

        return bytes;
    }

    /// <param name="payload">With an OPT record, and this payload size in it.</param>
    internal static byte[] Question(string name, ushort type = A, int? payload = null, byte version = 0, ushort id = 0x1234)
    {
        var message = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(payload == null ? 0 : 1) };
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.Latin1.GetBytes(label));
        }

        message.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        if (payload is { } size)
        {
            message.AddRange([0, 0, 41, (byte)(size >> 8), (byte)size, 0, version, 0, 0, 0, 0]);
        }

        return [.. message];
    }
}
