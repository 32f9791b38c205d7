using System.Net;
using System.Net.Sockets;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

public sealed class VethTests
{
    private const int Patience = 5000;

    [Fact]
    public void Pair_is_made_in_one_step_with_everything_set() => TestNetwork.Run(test =>
    {
        var (host, container) = (test.Create(), test.Create());
        using var route = RouteSocket.Open(host);
        using var inside = RouteSocket.Open(container);
        var bridge = route.AddBridge("br0");

        route.AddVeth(new VethRequest
        {
            Name = "psc1",
            Master = bridge,
            MacAddress = "02:00:00:00:00:01",
            Mtu = 1400,
            IsUp = true,
            PeerName = "eth0",
            PeerMacAddress = "02:42:0a:5a:00:02",
            PeerNamespace = container,
        });

        Assert.False(inside.FindLink("eth0")!.IsUp);
        inside.Change(inside.FindLink("eth0")!.Index, new LinkChange { IsUp = true });
        var near = route.FindLink("psc1")!;
        var far = inside.FindLink("eth0")!;
        Assert.Equal(
            ("veth", "02:00:00:00:00:01", 1400, true, true, bridge, far.Index, true),
            (near.Kind, near.MacAddress, near.Mtu, near.IsUp, near.HasCarrier, near.Master, near.Parent, near.IsParentElsewhere));
        Assert.Equal(
            ("veth", "02:42:0a:5a:00:02", 1400, true, 0, near.Index),
            (far.Kind, far.MacAddress, far.Mtu, far.IsUp, far.Master, far.Parent));
        Assert.Null(route.FindLink("eth0"));
    });

    [Fact]
    public void Peer_stays_here_and_down_unless_it_is_asked_for() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());

        route.AddVeth(new VethRequest { Name = "left", PeerName = "right" });

        Assert.Equal(["lo", "left", "right"], route.Links().OrderBy(l => l.Name == "lo" ? "" : l.Name).Select(l => l.Name));
        Assert.False(route.FindLink("left")!.IsUp);
        Assert.False(route.FindLink("right")!.IsUp);
        Assert.False(route.FindLink("right")!.IsParentElsewhere);
    });

    [Theory]
    [InlineData("10.90.0.1/24", "10.90.0.2/24")]
    [InlineData("fd00:90::1/64", "fd00:90::2/64")]
    public void Connection_goes_from_one_namespace_to_the_other(string near, string far) => TestNetwork.Run(test =>
    {
        var (host, container) = (test.Create(), test.Create());
        using var route = RouteSocket.Open(host);
        using var inside = RouteSocket.Open(container);
        route.AddVeth(new VethRequest { Name = "psc1", IsUp = true, PeerName = "eth0", PeerNamespace = container });
        route.AddAddress(route.FindLink("psc1")!.Index, InterfaceAddress.Parse(near), AddressFlags.NoDuplicateDetection);
        inside.Change(inside.FindLink("eth0")!.Index, new LinkChange { IsUp = true });
        inside.AddAddress(inside.FindLink("eth0")!.Index, InterfaceAddress.Parse(far), AddressFlags.NoDuplicateDetection);
        var address = InterfaceAddress.Parse(far).Address;

        using var listener = container.OpenSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(address, 4321));
        listener.Listen();
        using var client = host.OpenSocket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        client.SendTimeout = client.ReceiveTimeout = Patience;
        Assert.True(client.ConnectAsync(address, 4321).Wait(Patience));
        using var server = listener.Accept();
        client.Send("hello"u8);
        var buffer = new byte[5];
        server.ReceiveTimeout = Patience;
        server.Receive(buffer);

        Assert.Equal("hello"u8.ToArray(), buffer);
        Assert.Equal(InterfaceAddress.Parse(near).Address, ((IPEndPoint)server.RemoteEndPoint!).Address);
    });

    [Fact]
    public void Both_ends_go_with_either() => TestNetwork.Run(test =>
    {
        var (host, container) = (test.Create(), test.Create());
        using var route = RouteSocket.Open(host);
        using var inside = RouteSocket.Open(container);
        route.AddVeth(new VethRequest { Name = "psc1", PeerName = "eth0", PeerNamespace = container });
        route.AddVeth(new VethRequest { Name = "psc2", PeerName = "eth1", PeerNamespace = container });

        Assert.True(route.Remove("psc1"));
        Assert.True(inside.Remove(inside.FindLink("eth1")!.Index));

        Assert.Equal(["lo"], route.Links().Select(link => link.Name));
        Assert.Equal(["lo"], inside.Links().Select(link => link.Name));
        Assert.False(route.Remove("psc1"));
        Assert.False(route.Remove(4711));
    });

    [Fact]
    public void Name_that_is_taken_inside_leaves_nothing_outside() => TestNetwork.Run(test =>
    {
        var (host, container) = (test.Create(), test.Create());
        using var route = RouteSocket.Open(host);
        route.AddVeth(new VethRequest { Name = "psc1", PeerName = "eth0", PeerNamespace = container });

        var error = Assert.Throws<LinuxException>(
            () => route.AddVeth(new VethRequest { Name = "psc2", PeerName = "eth0", PeerNamespace = container }));

        Assert.Equal(Errno.EEXIST, error.Errno);
        Assert.StartsWith("add link psc2: File exists (EEXIST)", error.Message, StringComparison.Ordinal);
        Assert.Null(route.FindLink("psc2"));
    });
}
