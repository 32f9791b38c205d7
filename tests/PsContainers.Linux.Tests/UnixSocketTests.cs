using System.Diagnostics;
using System.Net.Sockets;

namespace PsContainers.Linux.Tests;

public sealed class UnixSocketTests : IDisposable
{
    private readonly string _path = Path.Join(Path.GetTempPath(), $"psc-{Guid.NewGuid():N}.sock");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Packets_arrive_whole_in_both_directions()
    {
        using var listener = Listen();
        using var client = UnixSocket.Connect(_path);
        using var server = listener.Accept();

        client.Send("ask"u8);
        var asked = new byte[16];
        Assert.Equal(3, server.Receive(asked));
        server.Send("answer"u8.ToArray());

        var answer = new byte[16];
        Assert.Equal("answer"u8.ToArray(), answer[..client.Receive(answer)]);
    }

    [Fact]
    public void Closed_peer_reads_as_end()
    {
        using var listener = Listen();
        using var client = UnixSocket.Connect(_path);
        listener.Accept().Dispose();

        Assert.Equal(0, client.Receive(new byte[4]));
    }

    [Fact]
    public void Shutdown_wakes_a_waiting_receiver()
    {
        using var listener = Listen();
        using var client = UnixSocket.Connect(_path);
        using var server = listener.Accept();
        using var timer = new Timer(_ => client.Shutdown(), null, 50, Timeout.Infinite);

        Assert.Equal(0, client.Receive(new byte[4]));
    }

    [Fact]
    public void Missing_socket_and_dead_listener_are_told_apart()
    {
        Assert.Equal(Errno.ENOENT, Assert.Throws<LinuxException>(() => UnixSocket.Connect(_path)).Errno);

        // .NET removes the path of a listener that it closes; a second name for it stays, as after a crash.
        var listener = Listen();
        var second = _path + ".crashed";
        Process.Start("ln", [_path, second]).WaitForExit();
        listener.Dispose();

        Assert.Equal(Errno.ECONNREFUSED, Assert.Throws<LinuxException>(() => UnixSocket.Connect(second)).Errno);
        File.Delete(second);
    }

    private Socket Listen()
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(_path));
        listener.Listen();
        return listener;
    }
}
