using System.Diagnostics;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

public sealed class ForwardTests : IDisposable
{
    private readonly NetworkDirectory _network = new("10.1.0.2 web\n");
    private readonly FakeUpstream _good = new(question => [FakeUpstream.Respond(question, address: [203, 0, 113, 1])]);
    private readonly FakeUpstream _mute = new(_ => []);
    private readonly List<FakeUpstream> _others = [];

    public ForwardTests() => _network.StartReady();

    public void Dispose()
    {
        _network.Dispose();
        _good.Dispose();
        _mute.Dispose();
        _others.ForEach(upstream => upstream.Dispose());
    }

    [Fact]
    public void Other_names_are_asked_upstream()
    {
        Forward(_good);

        var reply = _network.Client.Ask("www.Example.org");

        Assert.Equal(["203.0.113.1"], reply.Answers);
        Assert.Equal(0x1234, reply.Id);
        Assert.Equal("www.Example.org.", reply.Question);
        Assert.Equal(["203.0.113.1"], _network.Client.AskByStream("www.example.org").Answers);
    }

    [Fact]
    public void A_question_goes_out_as_it_came_but_for_its_id()
    {
        Forward(_good);
        var question = DnsClient.Question("www.example.org", DnsClient.MX, payload: 1400);

        _network.Client.Exchange(question);

        Assert.Equal(question[2..], Assert.Single(_good.Questions)[2..]);
    }

    [Fact]
    public void Ids_and_ports_are_new_each_time()
    {
        Forward(_good);

        for (var i = 0; i < 20; i++)
        {
            _network.Client.Ask("www.example.org");
        }

        Assert.InRange(_good.Questions.Select(question => (question[0] << 8) | question[1]).Distinct().Count(), 15, 20);
        Assert.InRange(_good.Sources.Select(source => source.Port).Distinct().Count(), 15, 20);
    }

    [Theory]
    [InlineData("nobody", DnsClient.A)]
    [InlineData("nobody", DnsClient.MX)]
    [InlineData("web", DnsClient.AAAA)]
    [InlineData("2.0.1.10.in-addr.arpa", DnsClient.MX)]
    [InlineData("77.0.1.10.in-addr.arpa", DnsClient.PTR)]
    public void Names_of_ours_never_leave(string name, ushort type)
    {
        _network.Write("allow", "10.1.0.0/16\n");
        Forward(_good);

        Assert.InRange(_network.Client.Ask(name, type).Code, 0, 3);
        Assert.InRange(_network.Client.AskByStream(name, type).Code, 0, 3);

        Assert.Empty(_good.Questions);
    }

    [Theory]
    [InlineData("", 2)] // NS of the root
    [InlineData("org", 43)] // DS
    [InlineData("1.0.2.10.in-addr.arpa", DnsClient.PTR)]
    public void What_others_know_is_asked(string name, ushort type)
    {
        _network.Write("allow", "10.1.0.0/16\n");
        Forward(_good);

        _network.Client.Ask(name, type);

        Assert.Single(_good.Questions);
    }

    [Fact]
    public void After_a_mute_upstream_the_next_is_asked_and_then_first()
    {
        Forward(_mute, _good);
        var watch = Stopwatch.StartNew();

        Assert.Equal(["203.0.113.1"], _network.Client.Ask("a.example").Answers);
        Assert.InRange(watch.ElapsedMilliseconds, 1500, 6000);
        watch.Restart();
        Assert.Equal(["203.0.113.1"], _network.Client.Ask("b.example").Answers);

        Assert.True(watch.ElapsedMilliseconds < 1500, "the mute one was asked first again");
        Assert.Single(_mute.Questions);
    }

    [Fact]
    public void A_closed_upstream_costs_no_time()
    {
        _network.Write("forward", $"127.0.0.1 {NetworkDirectory.FreePort()}\n{_good.Line}");
        var watch = Stopwatch.StartNew();

        Assert.Equal(["203.0.113.1"], _network.Client.Ask("a.example").Answers);
        Assert.Equal(["203.0.113.1"], _network.Client.AskByStream("a.example").Answers);

        Assert.True(watch.ElapsedMilliseconds < 1500, "a refused connection was waited for");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void After_an_upstream_that_fails_the_next_is_asked(byte code)
    {
        Forward(Upstream(question => [FakeUpstream.Respond(question, code)]), _good);

        Assert.Equal(["203.0.113.1"], _network.Client.Ask("a.example").Answers);
        Assert.Equal(["203.0.113.1"], _network.Client.AskByStream("a.example").Answers);
    }

    [Fact]
    public void What_the_last_upstream_says_is_passed_on()
    {
        Forward(Upstream(question => [FakeUpstream.Respond(question, code: 3)]));
        Assert.Equal(3, _network.Client.Ask("a.example").Code);

        Forward(Upstream(question => [FakeUpstream.Respond(question, code: 5)]));
        Assert.Equal(5, _network.Client.Ask("a.example").Code);

        // A server that understands nothing may leave the question out.
        Forward(Upstream(question => [With(FakeUpstream.Respond(question, code: 4)[..12], 5, 0)]));
        Assert.Equal(4, _network.Client.Ask("a.example").Code);
    }

    [Fact]
    public void When_all_are_dead_the_client_is_told_so()
    {
        Forward(_mute, _mute, _mute, _mute);
        var watch = Stopwatch.StartNew();

        Assert.Equal(2, _network.Client.Ask("a.example").Code);

        Assert.InRange(watch.ElapsedMilliseconds, 4000, 9000);
        _network.Write("forward", $"127.0.0.1 {NetworkDirectory.FreePort()}\n");
        Assert.Equal(2, _network.Client.Ask("a.example").Code);
        Assert.Equal(2, _network.Client.AskByStream("a.example").Code);
    }

    [Fact]
    public void A_truncated_answer_is_passed_on_and_the_stream_has_all()
    {
        Forward(Upstream(question => [FakeUpstream.Respond(question, flags: 2)]));

        Assert.True(_network.Client.Ask("a.example").IsTruncated);
    }

    [Fact]
    public void An_answer_that_the_client_has_no_room_for_is_cut()
    {
        Forward(Upstream(question =>
        {
            var response = FakeUpstream.Respond(question);
            response[9] = 1; // an authority: root, type 99, 600 bytes
            return [[.. response, 0, 0, 99, 0, 1, 0, 0, 0, 0, 2, 88, .. new byte[600]]];
        }));

        var cut = _network.Client.Ask("a.example");

        Assert.True(cut.IsTruncated);
        Assert.True(cut.Message.Length < 512);
        Assert.False(_network.Client.Ask("a.example", payload: 1232).IsTruncated);
    }

    [Fact]
    public void What_does_not_answer_the_question_is_not_believed()
    {
        Forward(Upstream(question =>
        [
            FakeUpstream.Respond(With(question, 0, (byte)~question[0]), address: [6, 6, 6, 6]),
            FakeUpstream.Respond(With(question, 13, (byte)'x'), address: [6, 6, 6, 6]),
            FakeUpstream.Respond(With(question, question.Length - 3, 28), address: [6, 6, 6, 6]),
            question,
            [1, 2, 3],
            FakeUpstream.Respond(question, address: [203, 0, 113, 5]),
        ]));

        Assert.Equal(["203.0.113.5"], _network.Client.Ask("a.example").Answers);
    }

    [Fact]
    public void Nobody_else_can_slip_an_answer_in()
    {
        using var stranger = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        FakeUpstream? upstream = null;
        upstream = Upstream(question =>
        {
            stranger.Send(FakeUpstream.Respond(question, address: [6, 6, 6, 6]), upstream!.Sources[^1]);
            return [FakeUpstream.Respond(question, address: [203, 0, 113, 5])];
        });
        Forward(upstream);

        Assert.Equal(["203.0.113.5"], _network.Client.Ask("a.example").Answers);
    }

    [Fact]
    public void A_resolver_does_not_ask_itself()
    {
        _network.Write("forward", $"127.0.0.1 {_network.Port}\n");
        Assert.Equal(2, _network.Client.Ask("a.example").Code);

        _network.Write("forward", $"127.0.0.1 {_network.Port}\n{_good.Line}");
        Assert.Equal(["203.0.113.1"], _network.Client.Ask("a.example").Answers);
    }

    [Fact]
    public void Too_many_questions_on_their_way_are_refused_and_others_are_not_held_up()
    {
        Forward(_mute);
        using var socket = _network.Client.Connect();
        socket.ReceiveBufferSize = 1 << 20;
        for (ushort id = 0; id < 1100; id++)
        {
            socket.Send(DnsClient.Question("a.example", id: id));
            if (id % 50 == 0)
            {
                _network.Client.Ask("web"); // so that none is lost for want of room
            }
        }

        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web").Answers);
        var failures = Enumerable.Range(0, 1100).Select(_ => ReceiveCode(socket)).ToList();

        Assert.All(failures, code => Assert.Equal(2, code));
        Assert.InRange(_mute.Questions.Count, 900, 1024);
        Forward(_good);
        Assert.Equal(["203.0.113.1"], _network.Client.Ask("a.example").Answers);
    }

    [Fact]
    public void A_client_that_hangs_up_meanwhile_harms_nobody()
    {
        Forward(_mute);
        for (var i = 0; i < 20; i++)
        {
            using var socket = _network.Client.ConnectStream();
            socket.Send(DnsClient.Framed(DnsClient.Question("a.example")));
            socket.LingerState = new System.Net.Sockets.LingerOption(true, 0);
        }

        Assert.Equal(["10.1.0.2"], _network.Client.AskByStream("web").Answers);
    }

    [Fact]
    public void Questions_in_one_stream_are_answered_in_order_whoever_knows_them()
    {
        Forward(_good);
        using var socket = _network.Client.ConnectStream();

        socket.Send([.. Enumerable.Range(0, 50).SelectMany(i =>
            DnsClient.Framed(DnsClient.Question(i % 2 == 0 ? "web" : "a.example", id: (ushort)i)))]);

        Assert.Equal(Enumerable.Range(0, 50), Enumerable.Range(0, 50).Select(_ => DnsClient.ReadReply(socket).Id));
    }

    [Fact]
    public void A_real_name_server_is_asked_by_a_real_client()
    {
        using var dnsmasq = new Dnsmasq("--address=/real.example/203.0.113.77", "--txt-record=long.example," + new string('x', 250));
        _network.Write("forward", dnsmasq.Line);

        Assert.Equal(["203.0.113.77"], Dig.Short(_network, "www.real.example"));
        Assert.Equal(["203.0.113.77"], Dig.Short(_network, "www.real.example", "+tcp"));
        Assert.Equal([$"\"{new string('x', 250)}\""], Dig.Short(_network, "long.example", "TXT"));
        Assert.Equal(["10.1.0.2"], Dig.Short(_network, "web"));
    }

    private static int ReceiveCode(System.Net.Sockets.Socket socket)
    {
        var buffer = new byte[512];
        return new Reply(buffer[..socket.Receive(buffer)]).Code;
    }

    private static byte[] With(byte[] message, int at, byte value)
    {
        var copy = (byte[])message.Clone();
        copy[at] = value;
        return copy;
    }

    private FakeUpstream Upstream(Func<byte[], IEnumerable<byte[]>> answer)
    {
        var upstream = new FakeUpstream(answer);
        _others.Add(upstream);
        return upstream;
    }

    private void Forward(params FakeUpstream[] upstreams) =>
        _network.Write("forward", string.Concat(upstreams.Select(upstream => upstream.Line)));
}
