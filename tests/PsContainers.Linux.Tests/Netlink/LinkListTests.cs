using PsContainers.Linux.Interop;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

public sealed class LinkListTests
{
    private const int ManyLinks = 500;

    [Fact]
    public void List_of_many_links_is_whole() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        for (var i = 0; i < ManyLinks / 2; i++)
        {
            route.AddVeth(new VethRequest { Name = $"left{i}", PeerName = $"right{i}" });
        }

        var links = route.Links();

        Assert.Equal(ManyLinks + 1, links.Count);
        Assert.Equal(ManyLinks + 1, links.Select(link => link.Index).Distinct().Count());
        Assert.Equal(ManyLinks, links.Count(link => link is { Kind: "veth", MacAddress.Length: 17, Mtu: 1500 }));
    });

    [Theory]
    [InlineData(RouteConstants.NLM_F_DUMP, 0, 3)]
    [InlineData(0, 1, 1)]
    public void Answer_that_is_larger_than_the_buffer_is_read_again(ushort flags, int index, int expected) => TestNetwork.Run(test =>
    {
        var network = test.Create();
        using var route = RouteSocket.Open(network);
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });
        using var kernel = new NetlinkConversation(NetlinkSocket.Open(network), 64);
        var request = new NetlinkRequest(stackalloc byte[NetlinkRequest.Capacity], RouteConstants.RTM_GETLINK, flags);
        request.Put(LinkPart.For(index, null));

        Assert.Equal(expected, kernel.Read<Link, string>(request, Link.Read, "list", "links", Errno.ENODEV).Count);
        Assert.Equal(expected, kernel.Read<Link, string>(request, Link.Read, "list", "links", Errno.ENODEV).Count);
    });

    [Fact]
    public void List_is_whole_while_others_change_it() => TestNetwork.Run(test =>
    {
        var network = test.Create();
        using var route = RouteSocket.Open(network);
        for (var i = 0; i < 40; i++)
        {
            route.AddVeth(new VethRequest { Name = $"left{i}", PeerName = $"right{i}" });
        }

        var isOver = false;
        Exception? failure = null;
        var other = new Thread(() =>
        {
            try
            {
                using var second = RouteSocket.Open(network);
                for (var i = 0; !Volatile.Read(ref isOver); i++)
                {
                    second.AddVeth(new VethRequest { Name = $"x{i % 2}", PeerName = $"y{i % 2}" });
                    second.Remove($"x{i % 2}");
                    Thread.Sleep(1);
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        other.Start();
        var counts = Enumerable.Range(0, 100)
            .Select(_ => route.Links().Where(link => link.Name[0] is 'l' or 'r').Select(link => link.Name).Distinct().Count()).ToList();
        Volatile.Write(ref isOver, true);
        other.Join();

        Assert.Null(failure);
        Assert.All(counts, count => Assert.Equal(81, count));
    });

    [Fact]
    public void Threads_share_a_socket() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            try
            {
                for (var i = 0; i < 25; i++)
                {
                    route.AddVeth(new VethRequest { Name = $"a{number}", PeerName = $"b{number}" });
                    Assert.Equal($"b{number}", route.FindLink(route.FindLink($"a{number}")!.Parent)!.Name);
                    Assert.Contains(route.Links(), link => link.Name == $"a{number}");
                    Assert.True(route.Remove($"a{number}"));
                }
            }
            catch (Exception e)
            {
                lock (failures)
                {
                    failures.Add(e);
                }
            }
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Empty(failures);
        Assert.Single(route.Links());
    });
}
