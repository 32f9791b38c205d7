using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

public sealed class NoiseTests : IDisposable
{
    private const int Packets = 100_000;
    private readonly NetworkDirectory _network = new("10.1.0.2 web\nfd00::2 web\n10.1.0.3 db web\n");

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_resolver_outlives_a_hundred_thousand_mutilated_questions()
    {
        using var upstream = new FakeUpstream(question => [question, [.. question.Reverse()]]);
        _network.Write("forward", upstream.Line);
        var process = _network.StartReady();
        using var socket = _network.Client.Connect();
        var answers = new byte[65_536];
        var answered = 0;
        var random = new Random(1);
        byte[][] seeds =
        [
            DnsClient.Question("web", payload: 1232),
            DnsClient.Question("2.0.1.10.in-addr.arpa", DnsClient.PTR),
            DnsClient.Question(string.Join('.', "fd000000000000000000000000000002".Reverse()) + ".ip6.arpa", DnsClient.PTR),
            DnsClient.Question("a.name.that.others.know.example", DnsClient.ANY, payload: 512),
        ];

        for (var i = 0; i < Packets; i++)
        {
            socket.Send(Mutilate(seeds[i % seeds.Length], random));
            while (socket.Available > 0)
            {
                socket.Receive(answers);
                answered++;
            }

            // By stream: among so many datagrams some are lost. It has read most of them by then.
            if (i % 200 == 0)
            {
                Assert.Equal(2, _network.Client.AskByStream("web").Answers.Count);
            }
        }

        // What is still in its socket's buffer would leave no room for a question.
        Thread.Sleep(500);
        Assert.False(process.HasEnded);
        Assert.InRange(answered, Packets / 10, Packets);
        Assert.Equal(2, _network.Client.Ask("web").Answers.Count);
        Assert.Equal(2, _network.Client.AskByStream("web").Answers.Count);
        Assert.Equal("", File.ReadAllText(Path.Join(_network.Path, "log")));
    }

    private static byte[] Mutilate(byte[] seed, Random random)
    {
        var message = (byte[])seed.Clone();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            message[random.Next(message.Length)] = (byte)random.Next(256);
        }

        return random.Next(4) switch
        {
            0 => message[..random.Next(message.Length)],
            1 => [.. message, .. message.AsSpan(random.Next(message.Length))],
            _ => message,
        };
    }
}
