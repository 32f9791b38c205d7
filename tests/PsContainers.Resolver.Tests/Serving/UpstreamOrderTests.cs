using PsContainers.Resolver.Lifetime;
using PsContainers.Resolver.Serving;
using PsContainers.Resolver.Settings;
using PsContainers.Resolver.Tests.Harness;

namespace PsContainers.Resolver.Tests.Serving;

public sealed class UpstreamOrderTests : IDisposable
{
    private readonly NetworkDirectory _network = new();
    private readonly NetworkSettings _settings;
    private readonly UpstreamOrder _order;

    public UpstreamOrderTests()
    {
        _settings = new NetworkSettings(new ResolverDirectory(_network.Path).Descriptor);
        _order = new UpstreamOrder(_settings);
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_resolver_is_no_upstream_of_its_own()
    {
        Forward($"127.0.0.1 {_network.Port}\n::1 {_network.Port}\n203.0.113.1\n");

        Assert.Equal(["203.0.113.1"], Asked());
    }

    [Fact]
    public void Three_are_asked_in_order()
    {
        Forward("203.0.113.1\n203.0.113.2\n203.0.113.3\n203.0.113.4\n");

        Assert.Equal(["203.0.113.1", "203.0.113.2", "203.0.113.3"], Asked());
    }

    [Fact]
    public void One_that_failed_is_asked_last_until_the_list_is_a_new_one()
    {
        Forward("203.0.113.1\n203.0.113.2\n");
        Assert.True(_order.TryGet(_order.First(), 0, out var failed));

        _order.Failed(failed);
        _order.Failed(failed); // by another query that had asked it, too

        Assert.Equal(["203.0.113.2", "203.0.113.1"], Asked());
        Forward("203.0.113.1\n203.0.113.3\n");
        Assert.Equal(["203.0.113.1", "203.0.113.3"], Asked());
    }

    [Fact]
    public void A_query_asks_each_once_though_another_one_fails_meanwhile()
    {
        Forward("203.0.113.1\n203.0.113.2\n");
        var first = _order.First();
        Assert.True(_order.TryGet(first, 0, out var failed));

        _order.Failed(failed);

        Assert.True(_order.TryGet(first, 1, out var next));
        Assert.Equal("203.0.113.2 port 53", next.ToString());
        Assert.False(_order.TryGet(first, 2, out _));
    }

    private void Forward(string upstreams)
    {
        _network.Write("forward", upstreams);
        _settings.Refresh();
    }

    private List<string> Asked()
    {
        var asked = new List<string>();
        while (_order.TryGet(_order.First(), asked.Count, out var upstream))
        {
            asked.Add(upstream.ToString().Replace(" port 53", "", StringComparison.Ordinal));
        }

        return asked;
    }
}
