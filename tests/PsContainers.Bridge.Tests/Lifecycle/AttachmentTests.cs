using System.Net;
using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Tests.Lifecycle;

/// <summary>What an attachment makes.</summary>
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
            var gateways = route.Routes().Where(found => found.Destination is null).Select(found => $"{found.Gateway}");
            Assert.Equal([one.Subnets[0].Gateway], gateways);
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
    public void Link_of_somebody_else_is_neither_used_nor_removed()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.AddBridge("psc0");
        });

        var container = new TestContainer(host.Add(), network, 2, []);

        var error = Assert.Throws<DriverException>(() => host.Attach(container));

        Assert.Equal(DriverErrorKind.InUse, error.Kind);
        Assert.Contains("psc0", error.Message, StringComparison.Ordinal);

        // As the engine does after a failure, and when the network is removed.
        host.Detach(container);
        Assert.Empty(host.Itself.Run(() => host.Driver.Repair(network, [], CancellationToken.None)));
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            Assert.True(route.Remove("psc0"));
        });
    }

    [Fact]
    public void Several_sessions_at_once_do_not_get_into_each_others_way()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var containers = Enumerable.Range(2, 8)
            .Select(i => new TestContainer(host.Add(), network, i, [Wanted.Port($"{8000 + i}:80")]))
            .ToList();

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
