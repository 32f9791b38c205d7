using System.Diagnostics;
using System.Net.Sockets;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

public sealed class StreamTests : IDisposable
{
    private readonly NetworkDirectory _network = new("10.1.0.2 web\n");

    public StreamTests() => _network.StartReady();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_connection_takes_several_questions()
    {
        using var socket = _network.Client.ConnectStream();

        for (ushort id = 1; id <= 20; id++)
        {
            socket.Send(DnsClient.Framed(DnsClient.Question("web", id: id)));
            Assert.Equal(id, DnsClient.ReadReply(socket).Id);
        }
    }

    [Fact]
    public void Questions_that_come_at_once_are_answered_in_order()
    {
        using var socket = _network.Client.ConnectStream();

        socket.Send([.. Enumerable.Range(1, 200).SelectMany(id => DnsClient.Framed(DnsClient.Question("web", id: (ushort)id)))]);
        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(Enumerable.Range(1, 200), Enumerable.Range(1, 200).Select(_ => DnsClient.ReadReply(socket).Id));
        Assert.Equal(0, socket.Receive(new byte[1]));
    }

    [Fact]
    public void A_question_may_come_byte_by_byte()
    {
        using var socket = _network.Client.ConnectStream();
        socket.NoDelay = true;

        foreach (var part in DnsClient.Framed(DnsClient.Question("web")).Chunk(1))
        {
            socket.Send(part);
        }

        Assert.Equal(["10.1.0.2"], DnsClient.ReadReply(socket).Answers);
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xff, 1, 2, 3 })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 3, 1, 2, 3 })]
    public void Whoever_talks_nonsense_is_hung_up_on(byte[] nonsense)
    {
        using var socket = _network.Client.ConnectStream();

        socket.Send(nonsense);

        Assert.True(IsClosed(socket));
    }

    [Fact]
    public void Whoever_says_nothing_is_hung_up_on()
    {
        using var socket = _network.Client.ConnectStream();
        var watch = Stopwatch.StartNew();

        Assert.True(IsClosed(socket));

        Assert.InRange(watch.ElapsedMilliseconds, 3000, 12_000);
    }

    [Fact]
    public void Silent_connections_keep_nobody_out()
    {
        var silent = Enumerable.Range(0, 200).Select(_ => _network.Client.ConnectStream()).ToList();

        Assert.Equal(["10.1.0.2"], _network.Client.AskByStream("web").Answers);

        silent.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public void Whoever_does_not_read_holds_nobody_up()
    {
        var many = string.Concat(Enumerable.Range(0, 1000).Select(i => $"10.9.{i / 250}.{i % 250} many\n"));
        _network.Write("names", many + "10.1.0.2 web\n");
        using var deaf = _network.Client.ConnectStream();
        deaf.Blocking = false;

        var questions = Enumerable.Range(0, 2000).SelectMany(_ => DnsClient.Framed(DnsClient.Question("many"))).ToArray();
        deaf.Send(questions, 0, questions.Length, SocketFlags.None, out _);

        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web").Answers);
        Assert.Equal(["10.1.0.2"], _network.Client.AskByStream("web").Answers);
    }

    private static bool IsClosed(Socket socket)
    {
        try
        {
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }
}
