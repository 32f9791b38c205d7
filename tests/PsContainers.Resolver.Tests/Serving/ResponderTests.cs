using System.Net;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Lifetime;
using PsContainers.Resolver.Serving;
using PsContainers.Resolver.Settings;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

public sealed class ResponderTests : IDisposable
{
    private readonly NetworkDirectory _network = new(string.Concat(Enumerable.Range(1, 1000).Select(i =>
        $"10.1.{i / 250}.{i % 250} container-{i} shared-{i % 100} web-{i}.network\n")));

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("container-500", DnsClient.A)]
    [InlineData("shared-7", DnsClient.A)]
    [InlineData("CONTAINER-1", DnsClient.AAAA)]
    [InlineData("0.2.1.10.in-addr.arpa", DnsClient.PTR)]
    [InlineData("nobody.example", DnsClient.A)]
    public void A_question_costs_no_memory(string name, ushort type)
    {
        var settings = new NetworkSettings(new ResolverDirectory(_network.Path).Descriptor);
        var responder = new Responder(settings);
        var question = DnsClient.Question(name, type, payload: 1232);
        var response = new byte[65_535];
        var local = new InternetEndpoint(IPAddress.Loopback, 53);
        settings.Refresh();
        Ask(10);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Ask(1000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);

        void Ask(int times)
        {
            for (var i = 0; i < times; i++)
            {
                settings.Refresh();
                Assert.True(Verdict.Answered == responder.Answer(question, local, local, false, response, out _, out _));
            }
        }
    }
}
