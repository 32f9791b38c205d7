using System.Net;
using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Tests.Definition;

/// <summary>What is filled in, and what is refused.</summary>
public sealed class NetworkDefinerTests
{
    private static readonly HostNetwork _host = new(
        ["lo", "eth0"], [(IPNetwork.Parse("192.168.1.0/24"), "eth0"), (IPNetwork.Parse("2001:db8::/64"), "eth0")]);

    [Fact]
    public void Default_network_gets_its_own_link_and_subnet()
    {
        var network = NetworkDefiner.Define(Wanted.Network("bridge"), [], _host);

        Assert.Equal("psc0", network.Interface);
        var subnet = Assert.Single(network.Subnets);
        Assert.Equal(("10.90.0.0/16", "10.90.0.1"), (subnet.Subnet, subnet.Gateway));
        Assert.False(network.HasIPv6);
    }

    [Fact]
    public void Other_networks_get_the_first_subnets_that_are_free_and_leave_the_default_networks_alone()
    {
        var one = NetworkDefiner.Define(Wanted.Network("one"), [], _host);
        var other = NetworkDefiner.Define(Wanted.Network("other"), [one], _host);

        Assert.Equal("psc-" + one.Id[..8], one.Interface);
        Assert.Equal("10.91.0.0/24", one.Subnets[0].Subnet);
        Assert.Equal("10.91.1.0/24", other.Subnets[0].Subnet);
    }

    [Fact]
    public void Subnets_that_the_host_knows_are_passed_over()
    {
        var host = _host with { Subnets = [(IPNetwork.Parse("10.90.7.0/24"), "tun0"), (IPNetwork.Parse("10.91.0.0/16"), "eth1")] };

        Assert.Equal("10.92.0.0/24", NetworkDefiner.Define(Wanted.Network("one"), [], host).Subnets[0].Subnet);
        Assert.Equal("10.92.0.0/24", NetworkDefiner.Define(Wanted.Network("bridge"), [], host).Subnets[0].Subnet);
    }

    [Fact]
    public void Pool_without_a_free_subnet_is_exhausted()
    {
        var host = _host with { Subnets = [(IPNetwork.Parse("10.0.0.0/8"), "tun0")] };

        var error = Assert.Throws<DriverException>(() => NetworkDefiner.Define(Wanted.Network("one"), [], host));

        Assert.Equal(DriverErrorKind.Exhausted, error.Kind);
        Assert.Contains("10.90.0.0-10.99.255.255", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IPv6_subnet_follows_from_the_id()
    {
        var wanted = Wanted.Network("six") with { HasIPv6 = true };

        var network = NetworkDefiner.Define(wanted, [], _host);

        var subnet = network.Subnets[1];
        var id = wanted.Id;
        Assert.Equal(IPNetwork.Parse($"fd{id[..2]}:{id[2..6]}:{id[6..10]}:{id[10..14]}::/64"), IPNetwork.Parse(subnet.Subnet));
        Assert.EndsWith("::1", subnet.Gateway, StringComparison.Ordinal);
    }

    [Fact]
    public void Network_may_have_IPv6_alone()
    {
        var network = NetworkDefiner.Define(Wanted.Network("six") with { Subnets = [new() { Subnet = "fd00:7::/64" }] }, [], _host);

        Assert.Equal("fd00:7::1", Assert.Single(network.Subnets).Gateway);
        Assert.True(network.HasIPv6);
    }

    [Fact]
    public void What_is_defined_is_defined_the_same_again()
    {
        var network = NetworkDefiner.Define(Wanted.Network("six") with { HasIPv6 = true }, [], _host);

        var again = NetworkDefiner.Define(network, [network], _host);

        Assert.Equal(network.Subnets, again.Subnets);
        Assert.Equal(network.Interface, again.Interface);
    }

    [Fact]
    public void Names_of_links_that_are_taken_are_passed_over_or_refused()
    {
        var wanted = Wanted.Network("one");
        var host = _host with { Links = ["psc-" + wanted.Id[..8]] };

        Assert.Equal("psc-" + wanted.Id[8..16], NetworkDefiner.Define(wanted, [], host).Interface);
        var error = Assert.Throws<DriverException>(() => NetworkDefiner.Define(wanted with { Interface = "eth0" }, [], _host));
        Assert.Equal((DriverErrorKind.InUse, "interface"), (error.Kind, error.Field));
    }

    [Theory]
    [InlineData("10.1.0.0", null, null, "subnets[0].subnet", "is no subnet")]
    [InlineData("10.1.0.0/33", null, null, "subnets[0].subnet", "is no subnet")]
    [InlineData("10.1/16", null, null, "subnets[0].subnet", "is no subnet")]
    [InlineData("fd00::%1/64", null, null, "subnets[0].subnet", "is no subnet")]
    [InlineData("10.1.0.7/24", null, null, "subnets[0].subnet", "the subnet of this address is 10.1.0.0/24")]
    [InlineData("fd00::1/64", null, null, "subnets[0].subnet", "the subnet of this address is fd00::/64")]
    [InlineData("10.1.0.0/31", null, null, "subnets[0].subnet", "the longest prefix is 30")]
    [InlineData("fd00::/127", null, null, "subnets[0].subnet", "the longest prefix is 126")]
    [InlineData("127.1.0.0/16", null, null, "subnets[0].subnet", "has a meaning of its own")]
    [InlineData("fe80::/64", null, null, "subnets[0].subnet", "has a meaning of its own")]
    [InlineData("224.1.0.0/16", null, null, "subnets[0].subnet", "has a meaning of its own")]
    [InlineData("192.168.0.0/16", null, null, "subnets[0].subnet", "overlaps 192.168.1.0/24, which belongs to the host's link eth0")]
    [InlineData("10.91.0.128/25", null, null, "subnets[0].subnet", "overlaps 10.91.0.0/24, which belongs to network there")]
    [InlineData("10.1.0.0/24", "10.2.0.1", null, "subnets[0].gateway", "outside of the subnet 10.1.0.0/24")]
    [InlineData("10.1.0.0/24", "10.1.0.0", null, "subnets[0].gateway", "no host's address")]
    [InlineData("10.1.0.0/24", "10.1.0.255", null, "subnets[0].gateway", "no host's address")]
    [InlineData("10.1.0.0/24", "gateway", null, "subnets[0].gateway", "is no address")]
    [InlineData("10.1.0.0/24", null, "10.1.1.0/25", "subnets[0].range", "outside of the subnet")]
    [InlineData("10.1.0.0/24", null, "10.1.0.9-10.1.0.3", "subnets[0].range", "is no range")]
    [InlineData("10.1.0.0/24", null, "10.1.0.255-10.1.0.255", "subnets[0].range", "no host's address")]
    [InlineData("10.1.0.0/24", null, "10.1.0.129/25", "subnets[0].range", "is no range")]
    [InlineData("10.1.0.0/24", null, "some", "subnets[0].range", "is no range")]
    public void Wrong_subnet_is_refused(string subnet, string? gateway, string? range, string field, string reason)
    {
        var there = NetworkDefiner.Define(Wanted.Network("there"), [], _host);
        var wanted = Wanted.Network("one") with { Subnets = [new() { Subnet = subnet, Gateway = gateway, Range = range }] };

        AssertRefused(() => NetworkDefiner.Define(wanted, [there], _host), field, reason);
    }

    [Theory]
    [InlineData("10.1.0.0/24", "10.1.0.254", "10.1.0.128/25")]
    [InlineData("10.1.0.0/30", null, "10.1.0.2-10.1.0.2")]
    [InlineData("fd00:1::/126", "fd00:1::2", null)]
    public void Right_subnet_is_kept(string subnet, string? gateway, string? range)
    {
        var wanted = Wanted.Network("one") with { Subnets = [new() { Subnet = subnet, Gateway = gateway, Range = range }] };

        var defined = Assert.Single(NetworkDefiner.Define(wanted, [], _host).Subnets);

        Assert.Equal((subnet, range), (defined.Subnet, defined.Range));
        Assert.Equal(gateway ?? $"{IPNetwork.Parse(subnet).First()}", defined.Gateway);
    }

    [Theory]
    [InlineData(67, false, "68 to 65535")]
    [InlineData(65536, false, "68 to 65535")]
    [InlineData(1279, true, "1280 to 65535 with IPv6")]
    public void Wrong_mtu_is_refused(int mtu, bool hasIPv6, string reason)
    {
        AssertRefused(
            () => NetworkDefiner.Define(Wanted.Network("one") with { Mtu = mtu, HasIPv6 = hasIPv6 }, [], _host), "mtu", reason);
    }

    [Theory]
    [InlineData("speed", "9", "options.speed", "has no option 'speed'")]
    [InlineData("icc", "yes", "options.icc", "'true' or 'false', not 'yes'")]
    [InlineData("hostAddress", "10.1.0.1,10.1.0.2", "options.hostAddress", "one IPv4 address")]
    [InlineData("hostAddress", "fd00::7", "options.hostAddress", "no subnet of the family")]
    [InlineData("parent", "eth0", "vlan", "needs a VLAN")]
    public void Wrong_option_is_refused(string name, string value, string field, string reason)
    {
        AssertRefused(() => NetworkDefiner.Define(Wanted.Network("one").With((name, value)), [], _host), field, reason);
    }

    [Theory]
    [InlineData("way-too-long-name", "1 to 15")]
    [InlineData("a b", "A-Z")]
    [InlineData("x\" }; flush", "A-Z")]
    [InlineData("..", "A-Z")]
    public void Wrong_name_of_a_link_is_refused(string name, string reason)
    {
        AssertRefused(() => NetworkDefiner.Define(Wanted.Network("one") with { Interface = name }, [], _host), "interface", reason);
    }

    [Fact]
    public void Vlan_needs_a_parent_that_is_there()
    {
        var wanted = Wanted.Network("one") with { Vlan = 5 };

        AssertRefused(() => NetworkDefiner.Define(wanted, [], _host), "options.parent", "needs option parent");
        AssertRefused(() => NetworkDefiner.Define(wanted.With(("parent", "eth7")), [], _host), "options.parent", "no link eth7");
        AssertRefused(() => NetworkDefiner.Define(wanted with { Vlan = 4095 }, [], _host), "vlan", "1 to 4094");
        Assert.Equal(5, NetworkDefiner.Define(wanted.With(("parent", "eth0")), [], _host).Vlan);
    }

    private static void AssertRefused(Action define, string field, string reason)
    {
        var error = Assert.Throws<DriverException>(define);

        Assert.Equal((DriverErrorKind.InvalidRequest, field), (error.Kind, error.Field));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
