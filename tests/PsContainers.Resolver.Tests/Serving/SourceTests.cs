using System.Net;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

/// <summary>Who is answered: on the loopback link everybody has any address of 127.0.0.0/8.</summary>
public sealed class SourceTests : IDisposable
{
    private readonly NetworkDirectory _network = new("127.7.0.2 web\n");

    public SourceTests() => _network.StartReady();

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("127.0.0.1", 0)] // the host, from the address that it asks
    [InlineData("127.7.0.2", 0)] // whoever has a name
    [InlineData("127.7.0.3", 5)]
    [InlineData("127.0.0.2", 5)]
    public void Strangers_are_refused(string source, int code)
    {
        Assert.Equal(code, Ask(source));
    }

    [Fact]
    public void Whoever_is_in_the_networks_subnets_is_answered()
    {
        _network.Write("allow", "127.7.0.0/24\nfd00::/64\n");

        Assert.Equal(0, Ask("127.7.0.3"));
        Assert.Equal(5, Ask("127.7.1.3"));
    }

    [Fact]
    public void A_stranger_learns_nothing_in_a_stream_either()
    {
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse("127.7.0.9"), 0));
        socket.Connect(_network.Endpoint);

        socket.Send(DnsClient.Framed(DnsClient.Question("web")));

        var reply = DnsClient.ReadReply(socket);
        Assert.Equal(5, reply.Code);
        Assert.Empty(reply.Answers);
    }

    [Fact]
    public void A_refusal_is_no_longer_than_its_question()
    {
        var question = DnsClient.Question("web");

        Assert.True(_network.Client.Exchange(question, IPAddress.Parse("127.0.0.9")).Length <= question.Length);
    }

    private int Ask(string source) => new Reply(_network.Client.Exchange(DnsClient.Question("web"), IPAddress.Parse(source))).Code;
}
