using System.Net;
using System.Net.Sockets;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Tests.Reachability;

/// <summary>Who does not reach whom, and who still does.</summary>
public sealed class BoundaryTests
{
    private const int Service = 7000;

    [Fact]
    public void Containers_of_one_network_reach_each_other_and_the_world_with_the_hosts_address()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge") with { HasIPv6 = true });
        var (one, other) = (host.Attach(network, 2), host.Attach(network, 3));
        using var neighbor = other.Namespace.Serve(Service);
        using var world = host.Outside.Serve(Service);

        Assert.Equal(one.Address, one.Namespace.Ask(other.Address, Service));
        Assert.Equal(one.AddressV6, one.Namespace.Ask(other.AddressV6, Service));
        Assert.Equal(HostOfItsOwn.Address, one.Namespace.Ask(HostOfItsOwn.OutsideAddress, Service));
        Assert.Equal(HostOfItsOwn.AddressV6, one.Namespace.Ask(HostOfItsOwn.OutsideAddressV6, Service));
    }

    [Fact]
    public void Containers_leave_with_the_address_that_was_asked_for_or_their_own()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("one").With(("hostAddress", HostOfItsOwn.SecondAddress)));
        var plain = host.Define(Wanted.Network("plain").With(("masquerade", "false")), network);
        var (one, other) = (host.Attach(network, 2), host.Attach(plain, 2));
        using var world = host.Outside.Serve(Service);

        Assert.Equal(HostOfItsOwn.SecondAddress, one.Namespace.Ask(HostOfItsOwn.OutsideAddress, Service));
        Assert.Equal(other.Address, other.Namespace.Ask(HostOfItsOwn.OutsideAddress, Service));
    }

    [Fact]
    public void Networks_are_isolated_unless_the_one_that_is_reached_says_otherwise()
    {
        using var host = new HostOfItsOwn();
        var closed = host.Define(Wanted.Network("closed"));
        var open = host.Define(Wanted.Network("open").With(("isolate", "false")), closed);
        var (one, other) = (host.Attach(closed, 2), host.Attach(open, 2));
        using var ofClosed = one.Namespace.Serve(Service);
        using var ofOpen = other.Namespace.Serve(Service);

        Assert.Null(other.Namespace.AskInVain(one.Address, Service));
        Assert.Equal(one.Address, one.Namespace.Ask(other.Address, Service));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Containers_without_icc_reach_the_world_but_not_each_other(bool isBridgeFiltered)
    {
        using var host = new HostOfItsOwn(isBridgeFiltered);
        var network = host.Define(Wanted.Network("apart").With(("icc", "false"), ("isolate", "false")));
        var (one, other) = (host.Attach(network, 2), host.Attach(network, 3));
        using var neighbor = other.Namespace.Serve(Service);
        using var world = host.Outside.Serve(Service);

        Assert.Null(one.Namespace.AskInVain(other.Address, Service));
        Assert.NotNull(one.Namespace.Ask(HostOfItsOwn.OutsideAddress, Service));

        // By way of the gateway, which the bridge's ports do not see.
        RouteByGateway(one, other.Address);
        RouteByGateway(other, one.Address);
        Assert.Null(one.Namespace.AskInVain(other.Address, Service));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Internal_network_has_no_way_in_or_out_but_to_the_host(bool isBridgeFiltered)
    {
        using var host = new HostOfItsOwn(isBridgeFiltered);
        var inside = host.Define(Wanted.Network("inside").With(("isolate", "false")) with { IsInternal = true });
        var open = host.Define(Wanted.Network("open").With(("isolate", "false")), inside);
        var (one, other) = (host.Attach(inside, 2), host.Attach(inside, 3));
        var stranger = host.Attach(open, 2, "8080:7000");
        using var served = one.Namespace.Serve(Service);
        using var neighbor = other.Namespace.Serve(Service);
        using var ofStranger = stranger.Namespace.Serve(Service);
        using var world = host.Outside.Serve(Service);
        using var ofHost = host.Itself.Serve(Service);

        // Whoever has rights in it may give himself a route.
        one.Namespace.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddRoute(new() { Gateway = IPAddress.Parse(inside.Subnets[0].Gateway!) });
        });

        Assert.NotNull(one.Namespace.Ask(other.Address, Service));
        Assert.NotNull(one.Namespace.Ask(inside.Subnets[0].Gateway!, Service));
        Assert.NotNull(host.Itself.Ask(one.Address, Service));
        Assert.Null(one.Namespace.AskInVain(HostOfItsOwn.OutsideAddress, Service));
        Assert.Null(one.Namespace.AskInVain(stranger.Address, Service));
        Assert.Null(one.Namespace.AskInVain(HostOfItsOwn.Address, 8080));
        Assert.Null(stranger.Namespace.AskInVain(one.Address, Service));
        Assert.Null(host.Outside.AskInVain(one.Address, Service));
    }

    [Fact]
    public void Container_is_not_reached_from_outside_by_its_own_address()
    {
        using var host = new HostOfItsOwn();
        var container = host.Attach(host.Define(Wanted.Network("bridge") with { HasIPv6 = true }), 2, "8080:7000");
        using var server = container.Namespace.Serve(Service);

        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8080));
        Assert.Null(host.Outside.AskInVain(container.Address, Service));
        Assert.Null(host.Outside.AskInVain(container.AddressV6, Service));
    }

    // CVE-2020-8558: with route_localnet, what listens on 127.0.0.1 is open to all on the wire unless somebody drops that.
    [Fact]
    public void Nobody_gets_to_loopback_from_a_wire()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge"));
        var (container, attacker) = (host.Attach(network, 2, "127.0.0.1:8080:80"), host.Attach(network, 3));
        using var server = container.Namespace.Serve(80);
        using var ofHost = host.Itself.Serve(Service);
        RouteLoopback(attacker.Namespace, "eth0", network.Subnets[0].Gateway!);
        RouteLoopback(host.Outside, "wan", HostOfItsOwn.Address);

        Assert.NotNull(host.Itself.Ask("127.0.0.1", 8080));
        Assert.NotNull(host.Itself.Ask("127.0.0.1", Service));
        Assert.Null(attacker.Namespace.AskInVain("127.0.0.5", Service, from: attacker.Address));
        Assert.Null(host.Outside.AskInVain("127.0.0.1", 8080, from: HostOfItsOwn.OutsideAddress));
        Assert.Null(attacker.Namespace.AskInVain("127.0.0.1", 8080, from: attacker.Address));
    }

    // Programs trust who comes from 127.0.0.1. An answer would not find the attacker, but one datagram may be enough.
    [Fact]
    public void Nobody_on_a_bridge_comes_from_loopback()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var attacker = host.Attach(network, 2);
        RouteLoopback(attacker.Namespace, "eth0", network.Subnets[0].Gateway!);
        using var victim = host.Itself.Run(() => Datagrams(new(IPAddress.Any, Service)));
        using var honest = attacker.Namespace.Run(() => Datagrams(new(IPAddress.Parse(attacker.Address), 0)));
        using var liar = attacker.Namespace.Run(() => Datagrams(new(IPAddress.Parse("127.0.0.9"), 0)));

        liar.SendTo("!"u8, new IPEndPoint(IPAddress.Parse(network.Subnets[0].Gateway!), Service));
        honest.SendTo("?"u8, new IPEndPoint(IPAddress.Parse(network.Subnets[0].Gateway!), Service));

        var received = new byte[1];
        Assert.Equal(1, victim.Receive(received));
        Assert.Equal("?"u8, received);
    }

    [Fact]
    public void What_the_hosts_firewall_drops_stays_dropped()
    {
        using var host = new HostOfItsOwn();
        var container = host.Attach(host.Define(Wanted.Network("bridge")), 2, "8080:80");
        using var server = container.Namespace.Serve(80);
        using var world = host.Outside.Serve(Service);
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8080));

        host.NftDo("add table inet theirs\nadd chain inet theirs f { type filter hook forward priority 10; policy drop; }");

        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8080));
        Assert.Null(container.Namespace.AskInVain(HostOfItsOwn.OutsideAddress, Service));
        host.NftDo("delete table inet theirs");
    }

    [Fact]
    public void Users_chain_is_asked_first_and_outlives_repairs_and_the_last_container()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge"));
        var container = host.Attach(network, 2, "8080:80");
        using var server = container.Namespace.Serve(80);

        host.NftDo($"add rule {host.Table} user tcp dport 80 drop");

        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8080));
        host.NftDo($"flush chain {host.Table} forward");
        Assert.NotEmpty(host.Itself.Run(() => host.Driver.Repair(network, [container.Record(host)], CancellationToken.None)));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8080));
        host.Detach(container);
        Assert.Contains("tcp dport 80 drop", host.Nft(), StringComparison.Ordinal);
        Assert.DoesNotContain("forward", host.Nft(), StringComparison.Ordinal);
        host.NftDo($"delete table {host.Table}");
    }

    // Where the host was no router before, it becomes one for containers alone.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Host_routes_between_its_other_links_only_if_it_did_before(bool isRouter)
    {
        using var host = new HostOfItsOwn();
        var lan = host.Add();
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddVeth(new() { Name = "lan", IsUp = true, PeerName = "lan", PeerNamespace = lan });
            route.AddAddress(route.FindLink("lan")!.Index, InterfaceAddress.Parse("198.51.100.1/24"));
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", isRouter ? "1" : "0");
        });
        lan.Run(() =>
        {
            using var route = RouteSocket.Open();
            var index = route.FindLink("lan")!.Index;
            route.Change(index, new() { IsUp = true });
            route.AddAddress(index, InterfaceAddress.Parse("198.51.100.2/24"));
            route.AddRoute(new() { Gateway = IPAddress.Parse("198.51.100.1") });
        });
        host.Outside.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddRoute(new() { Destination = IPNetwork.Parse("198.51.100.0/24"), Gateway = IPAddress.Parse(HostOfItsOwn.Address) });
        });
        using var world = host.Outside.Serve(Service);

        var container = host.Attach(host.Define("bridge"), 2);

        Assert.Equal("1", host.Setting("ipv4/ip_forward"));
        Assert.NotNull(container.Namespace.Ask(HostOfItsOwn.OutsideAddress, Service));
        Assert.Equal(isRouter, lan.AskInVain(HostOfItsOwn.OutsideAddress, Service) is not null);
        host.Detach(container);
        Assert.Equal(isRouter ? "1" : "0", host.Setting("ipv4/ip_forward"));
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.Remove("lan");
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "0");
        });
    }

    private static void RouteByGateway(TestContainer container, string address) => container.Namespace.Run(() =>
    {
        using var route = RouteSocket.Open();
        var gateway = IPAddress.Parse(container.Network.Subnets[0].Gateway!);
        route.AddRoute(new() { Destination = IPNetwork.Parse($"{address}/32"), Gateway = gateway });
    });

    private static Socket Datagrams(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(address);
        return socket;
    }

    private static void RouteLoopback(Linux.NetworkNamespace network, string link, string gateway) => network.Run(() =>
    {
        using var route = RouteSocket.Open();
        var index = route.FindLink(link)!.Index;
        var lo = route.FindLink("lo")!.Index;
        File.WriteAllText($"/proc/sys/net/ipv4/conf/{link}/route_localnet", "1");
        route.RemoveAddress(lo, InterfaceAddress.Parse("127.0.0.1/8"));
        route.AddAddress(index, InterfaceAddress.Parse("127.0.0.9/32"));
        route.AddRoute(new() { Destination = IPNetwork.Parse("127.0.0.0/29"), Gateway = IPAddress.Parse(gateway), Index = index });
    });
}
