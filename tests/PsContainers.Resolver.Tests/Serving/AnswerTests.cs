using System.Net;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

public sealed class AnswerTests : IDisposable
{
    private readonly NetworkDirectory _network =
        new("10.1.0.2 web web.net1\nfd00::2 web\n10.1.0.3 db shared\n10.1.0.4 cache shared\n10.1.0.5 third shared\n");

    public AnswerTests() => _network.StartReady();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_name_has_its_addresses()
    {
        var reply = _network.Client.Ask("web");

        Assert.Equal(0, reply.Code);
        Assert.Equal(0x1234, reply.Id);
        Assert.True(reply.IsAuthoritative);
        Assert.Equal(["10.1.0.2"], reply.Answers);
        Assert.Equal([0u], reply.TimesToLive);
        Assert.Equal(["fd00::2"], _network.Client.Ask("web", DnsClient.AAAA).Answers);
        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web.net1").Answers);
    }

    [Fact]
    public void It_listens_at_each_address()
    {
        var version6 = new DnsClient(new IPEndPoint(IPAddress.IPv6Loopback, _network.Port));

        Assert.Equal(["10.1.0.2"], version6.Ask("web").Answers);
        Assert.Equal(["10.1.0.2"], version6.AskByStream("web").Answers);
    }

    [Fact]
    public void The_case_of_a_question_does_not_matter_and_comes_back()
    {
        var reply = _network.Client.Ask("wEB.NeT1");

        Assert.Equal(["10.1.0.2"], reply.Answers);
        Assert.Equal("wEB.NeT1.", reply.Question);
    }

    [Fact]
    public void A_shared_name_has_all_addresses_and_each_is_first_in_turn()
    {
        var replies = Enumerable.Range(0, 6).Select(_ => _network.Client.Ask("shared").Answers).ToList();

        Assert.All(replies, answers => Assert.Equal(["10.1.0.3", "10.1.0.4", "10.1.0.5"], answers.Order()));
        Assert.Equal(3, replies.Take(3).Select(answers => answers[0]).Distinct().Count());
        Assert.Equal(replies[0], replies[3]);
    }

    [Theory]
    [InlineData("db", DnsClient.AAAA)]
    [InlineData("web", DnsClient.MX)]
    [InlineData("2.0.1.10.in-addr.arpa", DnsClient.A)]
    public void A_name_without_the_type_is_no_error(string name, ushort type)
    {
        var reply = _network.Client.Ask(name, type);

        Assert.Equal(0, reply.Code);
        Assert.Empty(reply.Answers);
        Assert.True(reply.IsAuthoritative);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("www.example.org")]
    [InlineData("9.0.1.10.in-addr.arpa")]
    public void Without_upstreams_other_names_do_not_exist(string name)
    {
        Assert.Equal(3, _network.Client.Ask(name).Code);
        Assert.Equal(3, _network.Client.AskByStream(name).Code);
    }

    [Fact]
    public void An_address_has_its_name()
    {
        var version6 = string.Join('.', "fd000000000000000000000000000002".Reverse()) + ".ip6.arpa";

        Assert.Equal(["web."], _network.Client.Ask("2.0.1.10.in-addr.arpa", DnsClient.PTR).Answers);
        Assert.Equal(["web."], _network.Client.Ask(version6, DnsClient.PTR).Answers);
        Assert.Equal(["db."], _network.Client.Ask("3.0.1.10.in-addr.arpa", DnsClient.ANY).Answers);
    }

    [Fact]
    public void Of_any_type_one_is_enough()
    {
        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web", DnsClient.ANY).Answers);
    }

    [Fact]
    public void An_extension_is_answered_with_one()
    {
        Assert.Null(_network.Client.Ask("web").Payload);
        Assert.Equal(1232, _network.Client.Ask("web", payload: 4096).Payload);
        Assert.Equal(1232, _network.Client.Ask("nobody", payload: 512).Payload);
    }

    [Fact]
    public void A_later_version_of_extensions_is_refused()
    {
        var reply = new Reply(_network.Client.Exchange(DnsClient.Question("web", payload: 1232, version: 1)));

        Assert.Equal(1, reply.ExtendedCode); // BADVERS is 16
        Assert.Equal(0, reply.Code);
        Assert.Empty(reply.Answers);
    }

    [Fact]
    public void What_is_too_long_for_a_datagram_is_cut_and_whole_in_a_stream()
    {
        _network.Write("names", string.Concat(Enumerable.Range(0, 1000).Select(i => $"10.9.{i / 250}.{i % 250} many\n")));

        var cut = _network.Client.Ask("many");
        var longer = _network.Client.Ask("many", payload: 4096);

        Assert.True(cut.IsTruncated);
        Assert.InRange(cut.Message.Length, 500, 512);
        Assert.True(longer.IsTruncated);
        Assert.InRange(longer.Message.Length, 1200, 1232);
        Assert.Equal(1232, longer.Payload);
        var whole = _network.Client.AskByStream("many");
        Assert.False(whole.IsTruncated);
        Assert.Equal(1000, whole.Answers.Distinct().Count());
    }

    [Theory]
    [InlineData(2, 0x28, 4)] // an update
    [InlineData(5, 0, 1)] // no question
    [InlineData(5, 2, 1)] // two, of which one is missing
    [InlineData(7, 1, 1)] // an answer that is missing
    public void What_is_no_question_gets_its_error(int at, byte value, int code)
    {
        var message = DnsClient.Question("web");
        message[at] = value;

        var reply = new Reply(_network.Client.Exchange(message));

        Assert.Equal(code, reply.Code);
        Assert.Equal(0x1234, reply.Id);
    }

    [Theory]
    [InlineData(252, 1)] // AXFR
    [InlineData(16, 3)] // TXT, CHAOS
    public void What_is_nobodys_business_is_refused(byte type, byte @class)
    {
        var message = DnsClient.Question("version.bind", type);
        message[^1] = @class;

        Assert.Equal(5, new Reply(_network.Client.Exchange(message)).Code);
    }

    [Fact]
    public void Responses_and_crumbs_are_not_answered()
    {
        var response = DnsClient.Question("web", id: 1);
        response[2] |= 0x80;
        using var socket = _network.Client.Connect();

        socket.Send(response);
        socket.Send(ReadOnlySpan<byte>.Empty);
        socket.Send(DnsClient.Question("web")[..11]);
        socket.Send(DnsClient.Question("web", id: 2));

        var buffer = new byte[512];
        Assert.Equal(2, new Reply(buffer[..socket.Receive(buffer)]).Id);
        Assert.Equal(0, socket.Available);
    }

    [Fact]
    public void Dig_understands_all_of_it()
    {
        Assert.Equal(["10.1.0.2"], Dig.Short(_network, "WEB"));
        Assert.Equal(["fd00::2"], Dig.Short(_network, "web", "AAAA"));
        Assert.Equal(["10.1.0.2"], Dig.Short(_network, "web", "+tcp"));
        Assert.Equal(["web."], Dig.Short(_network, "-x", "10.1.0.2"));
        Assert.Equal(["web."], Dig.Short(_network, "-x", "fd00::2"));
        Assert.Contains("status: NXDOMAIN", Dig.Ask(_network, "nobody.example"), StringComparison.Ordinal);
        Assert.Contains("status: NOERROR", Dig.Ask(_network, "db", "AAAA"), StringComparison.Ordinal);
        Assert.Contains("EDNS: version: 0", Dig.Ask(_network, "web", "+dnssec"), StringComparison.Ordinal);
        Assert.Contains("status: BADVERS", Dig.Ask(_network, "web", "+edns=1", "+noednsnegotiation"), StringComparison.Ordinal);
    }

    [Fact]
    public void Dig_comes_back_by_stream_when_told_so()
    {
        _network.Write("names", string.Concat(Enumerable.Range(0, 200).Select(i => $"10.9.0.{i} many\n")));

        Assert.Equal(200, Dig.Short(_network, "many").Length);
    }
}
