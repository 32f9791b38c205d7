using System.Net;
using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Tests.Lifecycle;

/// <summary>What an attachment makes, and that all of it goes again, however it ended.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public void Container_gets_its_link_with_addresses_and_routes()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge") with { HasIPv6 = true, Mtu = 1400 });
        var container = new TestContainer(host.Add(), network, 2, []);

        var result = host.Attach(container);

        Assert.Equal("eth0", result.Interface);
        Assert.Equal("02:42:0a:5a:00:02", result.MacAddress);
        Assert.Equal(["10.90.0.1", network.Subnets[1].Gateway!], result.Gateways);
        container.Namespace.Run(() =>
        {
            using var route = RouteSocket.Open();
            var link = route.FindLink("eth0")!;
            Assert.True(link is { IsUp: true, HasCarrier: true, Mtu: 1400, MacAddress: "02:42:0a:5a:00:02" });
            var addresses = route.Addresses(link.Index).Select(address => $"{address.Address}").ToList();
            Assert.Contains("10.90.0.2/16", addresses);
            Assert.Contains(container.Request.Addresses[1], addresses);
            var gateways = route.Routes().Where(found => found.Destination is null).Select(found => $"{found.Gateway}");
            Assert.Equal(result.Gateways, gateways);
        });
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            var bridge = route.FindLink("psc0")!;
            Assert.True(bridge is { Kind: "bridge", IsUp: true, Mtu: 1400 });
            Assert.Equal(bridge.Index, route.FindLink(result.HostInterface!)!.Master);
        });
    }

    [Fact]
    public void Second_network_of_a_container_leaves_the_default_route_alone()
    {
        using var host = new HostOfItsOwn();
        var one = host.Define("one");
        var other = host.Define("other", one);
        var container = host.Attach(one, 2);
        var again = new TestContainer(container.Namespace, other, 2, []);
        again.Request = again.Request with { Interface = "eth1", IsDefaultRoute = false, MacAddress = "02:00:00:00:00:07" };

        var result = host.Attach(again);

        Assert.Equal("02:00:00:00:00:07", result.MacAddress);
        container.Namespace.Run(() =>
        {
            using var route = RouteSocket.Open();
            Assert.Equal([one.Subnets[0].Gateway], route.Routes().Where(found => found.Destination is null).Select(found => $"{found.Gateway}"));
        });
    }

    [Fact]
    public void Network_without_IPv6_has_none_on_its_links()
    {
        using var host = new HostOfItsOwn();
        var container = host.Attach(host.Define("bridge"), 2);

        Assert.Equal("1", host.Setting("ipv6/conf/psc0/disable_ipv6"));
        Assert.Equal("1", container.Namespace.Run(() => File.ReadAllText("/proc/sys/net/ipv6/conf/eth0/disable_ipv6").Trim()));
        Assert.Equal("0", host.Setting("ipv6/conf/all/forwarding"));
    }

    [Fact]
    public void Attaching_twice_is_attaching_once()
    {
        using var host = new HostOfItsOwn();
        var container = host.Attach(host.Define("bridge"), 2, "8080:80");
        var before = host.Nft();
        container.Request = container.Request with { Ports = [Wanted.Port("8081:80")] };

        host.Attach(container);

        using var server = container.Namespace.Serve(80);
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8081));
        Assert.Equal(before!.Replace("8080", "8081", StringComparison.Ordinal), host.Nft());
    }

    [Fact]
    public void Detaching_twice_or_without_an_attachment_is_no_error()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        host.Detach(new TestContainer(host.Add(), network, 9, [Wanted.Port("80:80")]));
        var container = host.Attach(network, 2, "8080:80");

        host.Detach(container);
        host.Detach(container);

        Assert.Equal("", host.Nft());
    }

    [Fact]
    public void Last_container_takes_the_bridge_and_the_last_bridge_the_table()
    {
        using var host = new HostOfItsOwn();
        var one = host.Define("one");
        var other = host.Define("other", one);
        var (a, b, c) = (host.Attach(one, 2, "8080:80"), host.Attach(one, 3), host.Attach(other, 2));

        host.Detach(a);
        Assert.Contains(one.Interface!, host.Picture(), StringComparison.Ordinal);
        Assert.DoesNotContain("8080", host.Nft(), StringComparison.Ordinal);
        host.Detach(b);
        Assert.DoesNotContain(one.Interface!, host.Picture(), StringComparison.Ordinal);
        Assert.Contains(other.Interface!, host.Nft(), StringComparison.Ordinal);
        host.Detach(c);
        Assert.Equal("", host.Nft());
    }

    [Fact]
    public void Detaching_works_when_everything_is_gone_already()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var (one, other) = (host.Attach(network, 2, "8080:80"), host.Attach(network, 3, "8081:80"));
        host.NftDo("flush ruleset");
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.Remove("psc0");
        });

        host.Detach(one, withNamespace: false);
        Assert.Contains("8081", host.Nft(), StringComparison.Ordinal);
        host.Detach(other, withNamespace: false);
    }

    // What was done until then depends on where the session was killed; the records that it leaves are those of here.
    [Theory]
    [InlineData("pending\nports4 tcp . 8080 : 10.90.0.2 . 80\n", false)]
    [InlineData("pending\n", false)]
    [InlineData("pending\nports4 tcp . 8081 : 10.90.0.2 . 80\n", true)]
    [InlineData("ports4 tcp . 8080 : 10.90.0.2 . 80\n", true)]
    public void Detaching_after_a_kill_leaves_nothing_and_spares_the_others(string record, bool isNetworkPending)
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var (killed, other) = (host.Attach(network, 2, "8080:80"), host.Attach(network, 3, "8082:80"));
        var folder = Path.Combine(host.RunDirectory, "networks", network.Id);
        File.WriteAllText(Path.Combine(folder, killed.Id), record);
        if (isNetworkPending)
        {
            File.WriteAllText(Path.Combine(folder, "network"), "pending\n" + File.ReadAllText(Path.Combine(folder, "network")));
        }

        host.Detach(killed);

        Assert.DoesNotContain("8080", host.Nft(), StringComparison.Ordinal);
        Assert.DoesNotContain("8081", host.Nft(), StringComparison.Ordinal);
        using var server = other.Namespace.Serve(80);
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8082));
    }

    [Fact]
    public void Attaching_makes_again_what_a_flush_took_of_others()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var one = host.Attach(network, 2, "8080:80");
        host.NftDo("flush ruleset");

        host.Attach(network, 3, "8081:80");

        using var server = one.Namespace.Serve(80);
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8080));
    }

    [Fact]
    public void Failed_attachment_leaves_nothing()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var container = new TestContainer(host.Add(), network, 2, [Wanted.Port("8080:80")]);
        container.Namespace.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddVeth(new() { Name = "eth0", PeerName = "other" });
        });

        var error = Assert.Throws<DriverException>(() => host.Attach(container));

        Assert.Equal(DriverErrorKind.InUse, error.Kind);
        Assert.Contains("eth0", error.Message, StringComparison.Ordinal);
        Assert.Equal("", host.Nft());
        Assert.Equal("0", host.Setting("ipv4/ip_forward"));
    }

    [Fact]
    public void Link_of_somebody_else_is_neither_used_nor_removed()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddBridge("psc0");
        });

        var error = Assert.Throws<DriverException>(() => host.Attach(network, 2));

        Assert.Equal(DriverErrorKind.InUse, error.Kind);
        Assert.Contains("psc0", error.Message, StringComparison.Ordinal);
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            Assert.True(route.Remove("psc0"));
        });
    }

    [Fact]
    public void Bridge_with_a_foreign_port_stays_and_is_reported()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var container = host.Attach(network, 2);
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddVeth(new() { Name = "vm0", PeerName = "vm1", Master = route.FindLink("psc0")!.Index });
        });

        var error = Assert.Throws<DriverException>(() => host.Detach(container));

        Assert.Contains("vm0", error.Message, StringComparison.Ordinal);
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            Assert.True(route.Remove("vm0"));
        });
        host.Detach(container);
    }

    [Fact]
    public void Several_sessions_at_once_do_not_get_into_each_others_way()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var containers = Enumerable.Range(2, 8).Select(i => new TestContainer(host.Add(), network, i, [Wanted.Port($"{8000 + i}:80")])).ToList();

        Parallel.ForEach(containers, container =>
        {
            var session = new BridgeDriver(host.Places);
            for (var i = 0; i < 5; i++)
            {
                var plan = session.Plan(container.Request);
                host.Itself.Run(() => session.Attach(plan, CancellationToken.None));
                host.Itself.Run(() => session.Detach(new() { Plan = plan }, CancellationToken.None));
            }
        });

        Assert.Equal("", host.Nft());
    }

    [Fact]
    public void Vlan_of_a_parent_is_a_port_of_the_bridge()
    {
        using var host = new HostOfItsOwn();
        Assert.SkipUnless(HasVlans(host), "this kernel has no VLANs (module 8021q)");
        var network = host.Define(Wanted.Network("tagged").With(("parent", "wan"), ("masquerade", "false")) with { Vlan = 42 });
        var container = host.Attach(network, 9);
        host.Outside.Run(() =>
        {
            using var route = RouteSocket.Open();
            var vlan = route.AddVlan("wan.42", route.FindLink("wan")!.Index, 42);
            route.Change(vlan, new() { IsUp = true });
            route.AddAddress(vlan, InterfaceAddress.Parse($"{Subnets.Add(IPAddress.Parse(container.Address), 1)}/24"));
        });

        using var server = container.Namespace.Serve(80);

        Assert.NotNull(host.Outside.Ask(container.Address, 80));
    }

    [Fact]
    public void Names_of_host_links_follow_from_the_ids()
    {
        var network = Wanted.Network("bridge") with { Interface = "psc0" };
        var request = new AttachmentRequest { ContainerId = Wanted.Id("c"), ContainerName = "c", Network = network, Interface = "eth0" };

        var name = Attachment.HostLinkOf(request);

        Assert.Equal(name, Attachment.HostLinkOf(request with { ContainerName = "renamed", Interface = "eth1" }));
        Assert.NotEqual(name, Attachment.HostLinkOf(request with { ContainerId = Wanted.Id("d") }));
        Assert.True(Attachment.IsHostLink(name));
        Assert.False(Attachment.IsHostLink("pvc0"));
    }

    private static bool HasVlans(HostOfItsOwn host) => host.Itself.Run(() =>
    {
        using var route = RouteSocket.Open();
        try
        {
            return route.Remove(route.AddVlan("probe", route.FindLink("wan")!.Index, 7));
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return false;
        }
    });
}
