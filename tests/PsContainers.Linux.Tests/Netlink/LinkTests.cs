using System.Text;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

public sealed class LinkTests
{
    [Fact]
    public void Bridge_with_three_ports_has_them_and_no_others() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());

        var bridge = route.AddBridge("br0", mac: "02:00:00:00:00:99", mtu: 1450);
        for (var i = 0; i < 3; i++)
        {
            route.AddVeth(new VethRequest { Name = $"port{i}", Master = bridge, PeerName = $"peer{i}" });
        }

        route.Change(bridge, new LinkChange { IsUp = true });
        var link = route.FindLink(bridge)!;
        Assert.Equal(("br0", "bridge", "02:00:00:00:00:99", 1450, true), (link.Name, link.Kind, link.MacAddress, link.Mtu, link.IsUp));
        Assert.Equal(["port0", "port1", "port2"], route.Links(bridge).Select(port => port.Name).Order());
        Assert.All(route.Links(bridge), port => Assert.Equal((false, false), (port.IsIsolated, port.IsHairpin)));
        Assert.Equal(8, route.Links().Count);
    });

    [Fact]
    public void Bridge_keeps_the_size_of_packets_that_it_was_given() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        var given = route.AddBridge("br0", mtu: 1400);
        var free = route.AddBridge("br1");

        route.AddVeth(new VethRequest { Name = "port0", Mtu = 1300, Master = given, PeerName = "peer0" });
        route.AddVeth(new VethRequest { Name = "port1", Mtu = 1300, Master = free, PeerName = "peer1" });

        Assert.Equal(1400, route.FindLink(given)!.Mtu);
        Assert.Equal(1300, route.FindLink(free)!.Mtu);
    });

    [Fact]
    public void Bridge_that_the_kernel_refuses_half_of_is_not_there() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());

        var error = Assert.Throws<LinuxException>(() => route.AddBridge("br0", mtu: 1_000_000));

        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.Null(route.FindLink("br0"));
    });

    [Fact]
    public void Port_is_isolated_and_let_out_again() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        var port = AddPort(route);

        route.Change(port, new LinkChange { IsIsolated = true, IsHairpin = true, IsUp = true });
        Assert.Equal((true, true, true), StateOf(route.FindLink(port)!));

        route.Change(port, new LinkChange { IsIsolated = false });
        Assert.Equal((false, true, true), StateOf(route.FindLink(port)!));

        route.Change(port, new LinkChange { Master = 0 });
        Assert.Equal((null, null, true), StateOf(route.FindLink(port)!));
        Assert.Equal(0, route.FindLink(port)!.Master);
    });

    [Fact]
    public void Link_is_changed() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });
        var index = route.FindLink("left")!.Index;

        route.Change(index, new LinkChange { Name = "first", Mtu = 1280, MacAddress = "02:00:00:00:00:07", IsUp = true });

        var link = route.FindLink(index)!;
        Assert.Equal(("first", 1280, "02:00:00:00:00:07", true), (link.Name, link.Mtu, link.MacAddress, link.IsUp));
        route.Change(index, new LinkChange { IsUp = false });
        Assert.False(route.FindLink("first")!.IsUp);
        Assert.Null(route.FindLink("left"));
    });

    [Fact]
    public void Link_moves_to_another_namespace_under_another_name() => TestNetwork.Run(test =>
    {
        var (here, there) = (test.Create(), test.Create());
        using var route = RouteSocket.Open(here);
        using var away = RouteSocket.Open(there);
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });

        route.Change(route.FindLink("right")!.Index, new LinkChange { Namespace = there, Name = "eth0", IsUp = true });

        Assert.True(away.FindLink("eth0")!.IsUp);
        Assert.Null(route.FindLink("right"));
        Assert.True(route.FindLink("left")!.IsParentElsewhere);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Link_local_address_comes_only_where_it_is_wanted(bool isWanted) => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });
        route.Change(route.FindLink("right")!.Index, new LinkChange { IsUp = true });
        var index = route.FindLink("left")!.Index;

        route.Change(index, new LinkChange { HasLinkLocalAddress = isWanted, IsUp = true });

        Assert.True(SpinWait.SpinUntil(() => route.FindLink(index)!.HasCarrier, 5000));
        Assert.Equal(isWanted ? 1 : 0, route.Addresses(index).Count);
    });

    [Theory]
    [InlineData(MacvlanMode.Private)]
    [InlineData(MacvlanMode.Bridge)]
    public void Macvlan_is_made_right_in_the_other_namespace(MacvlanMode mode) => TestNetwork.Run(test =>
    {
        var (here, there) = (test.Create(), test.Create());
        using var route = RouteSocket.Open(here);
        using var away = RouteSocket.Open(there);
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });
        var parent = route.FindLink("left")!.Index;

        var index = route.AddMacvlan("lo0", parent, mode, there, "02:00:00:00:00:08", 1300);

        var link = away.FindLink(index)!;
        Assert.Equal(
            ("lo0", "macvlan", mode, parent, true, "02:00:00:00:00:08", 1300),
            (link.Name, link.Kind, link.MacvlanMode, link.Parent, link.IsParentElsewhere, link.MacAddress, link.Mtu));
        Assert.Equal(3, route.Links().Count);
    });

    [Fact]
    public void Macvlan_is_made_here() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });
        var parent = route.FindLink("left")!.Index;

        var index = route.AddMacvlan("mac0", parent, MacvlanMode.Bridge);

        Assert.Equal((parent, false), (route.FindLink(index)!.Parent, route.FindLink(index)!.IsParentElsewhere));
    });

    [Fact]
    public void Vlan_has_its_number() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });
        var parent = route.FindLink("left")!.Index;
        int index;
        try
        {
            index = route.AddVlan("left.7", parent, 7);
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            Assert.Equal("add link left.7: Operation not supported (EOPNOTSUPP): Unknown device type", e.Message);
            Assert.Skip("needs a kernel with CONFIG_VLAN_8021Q");
            return;
        }

        var link = route.FindLink(index)!;
        Assert.Equal(("left.7", "vlan", 7, parent), (link.Name, link.Kind, link.VlanId, link.Parent));
    });

    [Fact]
    public void Error_has_the_kernels_words() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });
        var left = route.FindLink("left")!.Index;

        var taken = Assert.Throws<LinuxException>(() => route.AddVeth(new VethRequest { Name = "left", PeerName = "other" }));
        var noMaster = Assert.Throws<LinuxException>(() => route.Change(left, new LinkChange { Mtu = 1 }));
        var gone = Assert.Throws<LinuxException>(() => route.Change(4711, new LinkChange { IsUp = true }));

        Assert.Equal("add link left: File exists (EEXIST)", taken.Message);
        Assert.Equal($"change link {left}: Invalid argument (EINVAL): mtu less than device minimum", noMaster.Message);
        Assert.Equal((Errno.ENODEV, "change link", "4711"), (gone.Errno, gone.Call, gone.Target));
    });

    [Theory]
    [InlineData("", Errno.EINVAL)]
    [InlineData("a-name-of-16-byt", Errno.ENAMETOOLONG)]
    [InlineData("ääääääää", Errno.ENAMETOOLONG)]
    [InlineData("wrong/name", Errno.EINVAL)]
    [InlineData("wrong name", Errno.EINVAL)]
    public void Impossible_name_is_an_error(string name, Errno expected) => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());

        var error = Assert.Throws<LinuxException>(() => route.AddBridge(name));

        Assert.Equal(expected, error.Errno);
        Assert.Single(route.Links());
    });

    [Fact]
    public void Longest_name_is_possible() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        const string name = "a-name-of-15-by";

        route.AddBridge(name);

        Assert.Equal(15, Encoding.UTF8.GetByteCount(name));
        Assert.Equal(name, route.FindLink(name)!.Name);
    });

    private static int AddPort(RouteSocket route)
    {
        route.AddVeth(new VethRequest { Name = "port", Master = route.AddBridge("br0"), PeerName = "peer" });
        return route.FindLink("port")!.Index;
    }

    private static (bool? IsIsolated, bool? IsHairpin, bool IsUp) StateOf(Link link) => (link.IsIsolated, link.IsHairpin, link.IsUp);
}
