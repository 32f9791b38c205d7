using System.Diagnostics;
using System.Net;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

public sealed class RouteTests
{
    [Theory]
    [InlineData("10.90.0.2/24", "10.90.0.1")]
    [InlineData("fd00:90::2/64", "fd00:90::1")]
    public void Default_route_is_added_once_and_removed_once(string address, string gateway) => InNetwork((route, index) =>
    {
        route.AddAddress(index, InterfaceAddress.Parse(address), AddressFlags.NoDuplicateDetection);
        var wanted = new Route { Gateway = IPAddress.Parse(gateway) };

        route.AddRoute(wanted);
        var second = Assert.Throws<LinuxException>(() => route.AddRoute(wanted));

        var found = Assert.Single(route.Routes(), r => r.Destination is null);
        Assert.Equal((wanted.Gateway, index, wanted.IsIPv6), (found.Gateway, found.Index, found.IsIPv6));
        Assert.Equal($"add route default via {gateway}: File exists (EEXIST)", second.Message);
        Assert.True(route.RemoveRoute(wanted));
        Assert.False(route.RemoveRoute(wanted));
        Assert.DoesNotContain(route.Routes(), r => r.Destination is null);
    });

    [Theory]
    [InlineData("10.90.0.2/24", "10.1.0.0/16", "10.90.0.7")]
    [InlineData("fd00:90::2/64", "fd00:1::/48", "fd00:90::7")]
    public void Route_has_its_metric_and_source(string address, string destination, string gateway) => InNetwork((route, index) =>
    {
        route.AddAddress(index, InterfaceAddress.Parse(address), AddressFlags.NoDuplicateDetection);
        var wanted = new Route
        {
            Destination = IPNetwork.Parse(destination),
            Gateway = IPAddress.Parse(gateway),
            Index = index,
            Source = InterfaceAddress.Parse(address).Address,
            Metric = 77,
        };

        route.AddRoute(wanted);

        var found = Assert.Single(route.Routes(), r => r.Destination == wanted.Destination);
        Assert.Equal(wanted, found);
        Assert.Equal($"{destination} via {gateway} by link {index}", $"{found}");
        Assert.False(route.RemoveRoute(wanted with { Metric = 78 }));
        Assert.True(route.RemoveRoute(new Route { Destination = wanted.Destination }));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Default_route_by_a_link_alone(bool isIPv6) => InNetwork((route, index) =>
    {
        var wanted = new Route { Index = index, IsIPv6 = isIPv6 };

        route.AddRoute(wanted);

        var found = Assert.Single(route.Routes(), r => r.Destination is null);
        Assert.Equal((index, isIPv6, null), (found.Index, found.IsIPv6, found.Gateway));
        Assert.True(route.RemoveRoute(wanted));
    });

    [Fact]
    public void Gateway_outside_of_every_network_must_be_said_to_be_on_the_link() => InNetwork((route, index) =>
    {
        var wanted = new Route { Gateway = IPAddress.Parse("192.0.2.1"), Index = index };

        var error = Assert.Throws<LinuxException>(() => route.AddRoute(wanted));
        route.AddRoute(wanted with { IsOnLink = true });

        Assert.Equal(
            $"add route default via 192.0.2.1 by link {index}: Network is unreachable (ENETUNREACH): Nexthop has invalid gateway",
            error.Message);
        Assert.Equal([true], route.Routes().Where(r => r.Destination is null).Select(r => r.IsOnLink));
    });

    [Fact]
    public void Unreachable_network_is_listed_with_its_type() => InNetwork((route, _) =>
    {
        var wanted = new Route { Destination = IPNetwork.Parse("10.7.0.0/16"), Type = RouteType.Unreachable };

        route.AddRoute(wanted);

        Assert.Equal([wanted.Destination], route.Routes().Where(r => r.Type == RouteType.Unreachable).Select(r => r.Destination));
        Assert.True(route.RemoveRoute(wanted));
    });

    [Theory]
    [InlineData("-4", "10.90.0.2/24", "10.90.0.1", "10.90.0.3")]
    [InlineData("-6", "fd00:90::2/64", "fd00:90::1", "fd00:90::3")]
    public void Route_with_two_ways_is_there_twice(string family, string address, string first, string second) => TestNetwork.Run(test =>
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "needs ip (Debian package iproute2)");
        var network = test.Create();
        using var route = RouteSocket.Open(network);
        var index = route.AddBridge("br0");
        route.Change(index, new LinkChange { IsUp = true });
        route.AddAddress(index, InterfaceAddress.Parse(address), AddressFlags.NoDuplicateDetection);
        using var ip = Process.Start(
            "nsenter", [$"--net={network.Path}", "ip", family, "route", "add", "default", .. Hop(first), .. Hop(second)]);
        ip.WaitForExit();
        Assert.Equal(0, ip.ExitCode);

        var found = route.Routes().Where(r => r.Destination is null).ToList();

        Assert.Equal([first, second], found.Select(r => $"{r.Gateway}").Order());
        Assert.All(found, r => Assert.Equal((index, family == "-6"), (r.Index, r.IsIPv6)));
    });

    [Fact]
    public void New_namespace_has_no_routes() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());

        Assert.Empty(route.Routes());
    });

    private static string[] Hop(string gateway) => ["nexthop", "via", gateway, "dev", "br0"];

    private static void InNetwork(Action<RouteSocket, int> work) => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        route.AddVeth(new VethRequest { Name = "left", IsUp = true, PeerName = "right" });
        route.Change(route.FindLink("right")!.Index, new LinkChange { IsUp = true });
        work(route, route.FindLink("left")!.Index);
    });
}
