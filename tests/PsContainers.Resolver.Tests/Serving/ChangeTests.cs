using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

public sealed class ChangeTests : IDisposable
{
    private readonly NetworkDirectory _network = new("10.1.0.2 web\n");

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_question_after_a_change_sees_the_change()
    {
        _network.StartReady();
        using var stream = _network.Client.ConnectStream();

        for (var i = 0; i < 200; i++)
        {
            // Of one length, and within one tick of the file system's clock.
            var address = $"10.2.{100 + (i / 100)}.{100 + (i % 100)}";
            _network.Write("names", "10.3.100.100 web\n"); // frees the inode number of the one before, for the next one
            _network.Write("names", $"{address} web\n");

            Assert.Equal([address], _network.Client.Ask("web").Answers);
            stream.Send(DnsClient.Framed(DnsClient.Question("web")));
            Assert.Equal([address], DnsClient.ReadReply(stream).Answers);
        }
    }

    [Fact]
    public void A_name_that_is_gone_is_gone_at_once()
    {
        _network.StartReady();

        for (var i = 0; i < 50; i++)
        {
            _network.Write("names", "10.1.0.2 web\n10.1.0.3 db\n");
            Assert.Equal(0, _network.Client.Ask("db").Code);
            _network.Write("names", "10.1.0.2 web\n");
            Assert.Equal(3, _network.Client.Ask("db").Code);
        }
    }

    [Fact]
    public void A_client_on_two_networks_hears_the_names_of_both_and_others_do_not()
    {
        using var other = new NetworkDirectory("10.9.0.2 db\n");
        var name = Path.GetFileName(other.Path);
        _network.StartReady();

        Assert.Equal(3, _network.Client.Ask("db").Code);
        _network.Write("elsewhere", $"127.0.0.1 {name}\n");
        Assert.Equal(["10.9.0.2"], _network.Client.Ask("db").Answers);
        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web").Answers);
        other.Write("names", "10.9.0.3 db\n");
        Assert.Equal(["10.9.0.3"], _network.Client.Ask("db").Answers);
        _network.Write("elsewhere", $"127.0.0.9 {name}\n127.0.0.1 ../{name}\n");
        Assert.Equal(3, _network.Client.Ask("db").Code);
    }

    [Fact]
    public void Upstreams_come_and_go()
    {
        using var upstream = new FakeUpstream(question => [FakeUpstream.Respond(question, address: [203, 0, 113, 1])]);
        _network.StartReady();

        Assert.Equal(3, _network.Client.Ask("a.example").Code);
        _network.Write("forward", upstream.Line);
        Assert.Equal(0, _network.Client.Ask("a.example").Code);
        _network.Write("forward", "");
        Assert.Equal(3, _network.Client.Ask("a.example").Code);
        _network.Write("forward", upstream.Line);
        Assert.Equal(0, _network.Client.Ask("a.example").Code);
        File.Delete(Path.Join(_network.Path, "forward"));
        Assert.Equal(3, _network.Client.Ask("a.example").Code);
    }

    [Fact]
    public void Addresses_to_listen_on_come_and_go()
    {
        _network.StartReady();
        var other = NetworkDirectory.FreePort();
        var client = new DnsClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, other));

        _network.Write("listen", $"127.0.0.1 {other}\n");

        Eventually.Is(() => Listens(client));
        Assert.Equal(["10.1.0.2"], client.Ask("web").Answers);
        Eventually.Is(() => !Listens(_network.Client));
    }

    [Fact]
    public void An_address_that_cannot_be_had_takes_no_other_away()
    {
        _network.StartReady();
        using var taken = new FakeUpstream(_ => []);

        _network.Write("listen", $"127.0.0.1 {taken.Port}\n127.0.0.1 {_network.Port}\n");

        Eventually.Is(() => File.ReadAllText(Path.Join(_network.Path, "log")).Contains($"bind(127.0.0.1 port {taken.Port}, udp)"));
        Assert.Equal(["10.1.0.2"], _network.Client.Ask("web").Answers);
        Assert.Equal(["10.1.0.2"], _network.Client.AskByStream("web").Answers);
    }

    [Fact]
    public void A_file_that_is_written_by_hand_counts_too()
    {
        _network.StartReady();

        // At the end, for a file that is empty for a moment ends the resolver.
        File.AppendAllText(Path.Join(_network.Path, "names"), "10.1.0.99 by-hand\n");

        Eventually.Is(() => _network.Client.Ask("by-hand").Answers.SequenceEqual(["10.1.0.99"]));
    }

    private static bool Listens(DnsClient client)
    {
        try
        {
            using var socket = client.ConnectStream();
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
