using System.Net;
using System.Net.Sockets;

namespace PsContainers.Resolver.Tests.Harness;

/// <summary>A name server that a test answers for; without an answer it is a dead one that nobody knows to be dead.</summary>
internal sealed class FakeUpstream : IDisposable
{
    private readonly UdpClient _datagrams;
    private readonly TcpListener _streams;
    private readonly Func<byte[], IEnumerable<byte[]>> _answer;

    internal FakeUpstream(Func<byte[], IEnumerable<byte[]>> answer)
    {
        _answer = answer;
        Port = NetworkDirectory.FreePort();
        _datagrams = new UdpClient(new IPEndPoint(IPAddress.Loopback, Port));
        _streams = new TcpListener(IPAddress.Loopback, Port);
        _streams.Start();
        _ = ServeDatagrams();
        _ = ServeStreams();
    }

    internal int Port { get; }

    internal string Line => $"127.0.0.1 {Port}\n";

    /// <summary>What it was asked, in order.</summary>
    internal List<byte[]> Questions { get; } = [];

    /// <summary>Where each question came from.</summary>
    internal List<IPEndPoint> Sources { get; } = [];

    /// <summary>The question as a response, with a code and, if it is none of an error, one address.</summary>
    internal static byte[] Respond(byte[] question, byte code = 0, byte flags = 0, params byte[] address)
    {
        var end = 12;
        while (question[end] != 0)
        {
            end += question[end] + 1;
        }

        byte[] record = address.Length == 0 ? [] : [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, .. address];
        byte[] response = [.. question[..(end + 5)], .. record];
        response[2] |= (byte)(0x80 | flags);
        response[3] = (byte)(0x80 | code);
        response[7] = (byte)(address.Length == 0 ? 0 : 1);
        response[11] = 0;
        return response;
    }

    public void Dispose()
    {
        _datagrams.Dispose();
        _streams.Dispose();
    }

    private IEnumerable<byte[]> Answer(byte[] question, IPEndPoint source)
    {
        lock (Questions)
        {
            Questions.Add(question);
            Sources.Add(source);
        }

        return _answer(question);
    }

    private async Task ServeDatagrams()
    {
        try
        {
            while (true)
            {
                var received = await _datagrams.ReceiveAsync();
                foreach (var answer in Answer(received.Buffer, received.RemoteEndPoint))
                {
                    await _datagrams.SendAsync(answer, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeStreams()
    {
        try
        {
            while (true)
            {
                using var socket = await _streams.AcceptSocketAsync();
                var length = DnsClient.ReadExactly(socket, 2);
                var question = DnsClient.ReadExactly(socket, (length[0] << 8) | length[1]);
                foreach (var answer in Answer(question, (IPEndPoint)socket.RemoteEndPoint!))
                {
                    await socket.SendAsync(DnsClient.Framed(answer));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }
}
