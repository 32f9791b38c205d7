using System.Net;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan.Tests;

/// <summary>What a user may ask for, and what is filled in.</summary>
public sealed class DefinitionTests
{
    private static readonly Link[] _links =
    [
        new() { Index = 1, Name = "lo", Mtu = 65536 },
        new() { Index = 2, Name = "wan", Mtu = 1500, IsUp = true },
        new() { Index = 3, Name = "lan", Mtu = 9000, IsUp = true },
        new() { Index = 4, Name = "port", Mtu = 1500, IsUp = true, Master = 5 },
        new() { Index = 5, Name = "br0", Kind = "bridge", Mtu = 1500, IsUp = true },
    ];

    private static readonly Route[] _routes =
    [
        new() { Gateway = IPAddress.Parse("10.0.0.1"), Index = 3, Metric = 100 },
        new() { Gateway = IPAddress.Parse("192.0.2.254"), Index = 2, Metric = 50 },
        new() { Gateway = IPAddress.Parse("fe80::1"), Index = 3 },
    ];

    [Fact]
    public void Parent_is_the_link_of_the_default_route_unless_one_is_named()
    {
        var open = WireHost.Wanted() with { Interface = null, HasNames = true };

        var defined = Define(open);
        var named = Define(open with { Options = new Dictionary<string, string> { ["parent"] = "br0" } });

        Assert.Equal("wan", defined.Interface);
        Assert.Equal("wan", defined.Options["parent"]);
        Assert.False(defined.HasNames);
        Assert.True(defined.HasIPv6);
        Assert.Equal("br0", named.Interface);
        Assert.Equal("interface", Refusal(open, routes: []).Field);
        Assert.Equal(defined, Define(defined) with { Options = defined.Options, Subnets = defined.Subnets });
    }

    [Theory]
    [InlineData("gone", "the host has no link gone")]
    [InlineData("lo", "link lo is the loopback")]
    [InlineData("port", "link port is a port of link br0, and can't be a parent; that one may be")]
    public void Link_that_can_not_be_a_parent_is_refused(string name, string reason)
    {
        var error = Refusal(WireHost.Wanted() with { Interface = name });

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal("interface", error.Field);
    }

    [Fact]
    public void What_is_wrong_is_refused_with_its_field()
    {
        var wanted = WireHost.Wanted();
        (string Field, NetworkDefinition Network)[] wishes =
        [
            ("subnets", wanted with { Subnets = [] }),
            ("subnets[0].subnet", wanted with { Subnets = [new() { Subnet = "192.0.2.1/24" }] }),
            ("subnets[0].gateway", wanted with { Subnets = [new() { Subnet = "192.0.2.0/24", Gateway = "10.0.0.1" }] }),
            ("subnets[1].subnet", wanted with { Subnets = [new() { Subnet = "192.0.2.0/25" }, new() { Subnet = "192.0.2.128/25" }] }),
            ("hasIPv6", wanted with { HasIPv6 = true, Subnets = [new() { Subnet = "192.0.2.0/24" }] }),
            ("mtu", wanted with { Mtu = 1501 }),
            ("mtu", wanted with { Mtu = 1000 }),
            ("vlan", wanted with { Vlan = 4095 }),
            ("options.mode", WireHost.Wanted("sideways")),
            ("options.colour", wanted with { Options = new Dictionary<string, string> { ["colour"] = "blue" } }),
            ("interface", wanted with { Options = new Dictionary<string, string> { ["parent"] = "lan" } }),
        ];

        Assert.All(wishes, wish => Assert.Equal(wish.Field, Refusal(wish.Network).Field));
    }

    [Fact]
    public void Parent_is_not_shared_with_a_network_that_it_is_passed_through_to()
    {
        var other = WireHost.Wanted("passthru", 'b') with { Subnets = [new() { Subnet = "10.0.0.0/24" }] };

        var plain = other with { Options = new Dictionary<string, string>() };

        Assert.Equal(DriverErrorKind.InUse, Refusal(WireHost.Wanted(), other).Kind);
        Assert.Equal(DriverErrorKind.InUse, Refusal(WireHost.Wanted("passthru"), plain).Kind);
        Define(WireHost.Wanted(), other with { Vlan = 5 });
    }

    [Fact]
    public void Subnet_of_another_network_is_refused()
    {
        var error = Refusal(WireHost.Wanted(), WireHost.Wanted(digit: 'b'));

        Assert.Contains("overlaps one of network wire", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_refuses_what_the_wire_does_not_give()
    {
        var network = Define(WireHost.Wanted());
        var request = new AttachmentRequest
        {
            ContainerId = new string('1', 64),
            ContainerName = "c",
            Network = network,
            Interface = "eth0",
            Addresses = ["192.0.2.11/24", "2001:db8::11/64"],
        };
        (string Field, AttachmentRequest Request)[] wishes =
        [
            ("ports", request with { Ports = [new() { HostPort = 80, ContainerPort = 80 }] }),
            ("addresses", request with { Addresses = ["192.0.2.11/24"] }),
            ("addresses[0]", request with { Addresses = ["192.0.3.11/24", "2001:db8::11/64"] }),
            ("addresses[0]", request with { Addresses = ["192.0.2.11/25", "2001:db8::11/64"] }),
            ("addresses[0]", request with { Addresses = [$"{WireHost.Outside}/24", "2001:db8::11/64"] }),
            ("macAddress", request with { MacAddress = "01:00:00:00:00:01" }),
            ("macAddress", request with { MacAddress = "02:00:00:00:00" }),
            ("interface", request with { Interface = "a/b" }),
            ("containerId", request with { ContainerId = "../x" }),
            ("network.interface", request with { Network = network with { Interface = null } }),
        ];

        Assert.All(wishes, wish =>
        {
            var error = Assert.Throws<DriverException>(() => AttachmentPlanner.Plan(wish.Request));
            Assert.Equal(wish.Field, error.Field);
        });
        Assert.Same(request, AttachmentPlanner.Plan(request).Request);
    }

    private static NetworkDefinition Define(NetworkDefinition wanted, params NetworkDefinition[] others) =>
        NetworkDefiner.Define(wanted, others, _links, _routes);

    private static DriverException Refusal(NetworkDefinition wanted, params NetworkDefinition[] others) =>
        Assert.Throws<DriverException>(() => Define(wanted, others));

    private static DriverException Refusal(NetworkDefinition wanted, Route[] routes) =>
        Assert.Throws<DriverException>(() => NetworkDefiner.Define(wanted, [], _links, routes));
}
