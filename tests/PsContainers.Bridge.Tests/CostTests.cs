using System.Diagnostics;
using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Tests.Harness;

namespace PsContainers.Bridge.Tests;

/// <summary>Prints what things cost; for whoever asks for it (<c>-explicit only</c>), since no test asserts a time.</summary>
public sealed class CostTests(ITestOutputHelper output)
{
    private const int Rounds = 100;

    [Theory(Explicit = true)]
    [InlineData("alone", false, false)]
    [InlineData("beside another", true, false)]
    [InlineData("beside another, with a port", true, true)]
    public void Attachment_and_detachment(string name, bool hasNeighbor, bool hasPort)
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        if (hasNeighbor)
        {
            host.Attach(network, 3, "8081:80");
        }

        var container = new TestContainer(host.Add(), network, 2, hasPort ? [Wanted.Port("8080:80")] : []);
        var (attach, detach) = (new List<double>(), new List<double>());
        host.Itself.Run(() =>
        {
            var plan = host.Driver.Plan(container.Request);
            for (var i = 0; i < Rounds; i++)
            {
                var began = Stopwatch.GetTimestamp();
                host.Driver.Attach(plan, CancellationToken.None);
                attach.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                began = Stopwatch.GetTimestamp();
                host.Driver.Detach(new() { Plan = plan }, CancellationToken.None);
                detach.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        });

        output.WriteLine($"{name}: attach {Median(attach):F2} ms, detach {Median(detach):F2} ms");
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void One_more_port(int present)
    {
        using var host = new HostOfItsOwn();
        FirewallElement[] elements =
            [.. Enumerable.Range(10000, present).Select(port => new FirewallElement("ports4", $"tcp . {port}", "10.90.0.2 . 80"))];
        FirewallElement[] one = [new("ports4", "udp . 9", "10.90.0.2 . 9")];
        var (add, delete) = (new List<double>(), new List<double>());
        host.Itself.Run(() =>
        {
            var began = Stopwatch.GetTimestamp();
            Assert.Null(Nftables.TryRun(Ruleset.Whole(ForwardingGuard.None, elements)));
            output.WriteLine($"{present} ports at once, with the table: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F1} ms");
            for (var i = 0; i < Rounds; i++)
            {
                began = Stopwatch.GetTimestamp();
                Assert.Null(Nftables.TryRun(Ruleset.Add(one)));
                add.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                began = Stopwatch.GetTimestamp();
                Assert.Null(Nftables.TryRun(Ruleset.Delete(one)));
                delete.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        });

        output.WriteLine($"one more beside {present}: add {Median(add):F2} ms, delete {Median(delete):F2} ms");
        host.NftDo(Ruleset.DeleteTable());
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
