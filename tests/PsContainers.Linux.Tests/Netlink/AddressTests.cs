using System.Diagnostics;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

public sealed class AddressTests
{
    [Theory]
    [InlineData("10.90.0.2/24")]
    [InlineData("10.90.0.2/31")]
    [InlineData("10.90.0.2/32")]
    [InlineData("fd00:90::2/64")]
    [InlineData("fd00:90::2/128")]
    public void Address_is_added_once_and_removed_once(string text) => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        var index = route.AddBridge("br0");
        var address = InterfaceAddress.Parse(text);

        route.AddAddress(index, address, AddressFlags.NoDuplicateDetection);
        var second = Assert.Throws<LinuxException>(() => route.AddAddress(index, address));

        var found = Assert.Single(route.Addresses(index));
        Assert.Equal((index, address), (found.Index, found.Address));
        Assert.True(found.Flags.HasFlag(AddressFlags.Permanent));
        Assert.Equal(Errno.EEXIST, second.Errno);
        Assert.StartsWith($"add address {text} of link {index}: File exists (EEXIST)", second.Message, StringComparison.Ordinal);
        Assert.True(route.RemoveAddress(index, address));
        Assert.False(route.RemoveAddress(index, address));
        Assert.Empty(route.Addresses(index));
    });

    [Fact]
    public void Addresses_of_one_link_are_not_those_of_another() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        var first = route.AddBridge("br0");
        var second = route.AddBridge("br1");
        for (var i = 1; i <= 100; i++)
        {
            route.AddAddress(first, InterfaceAddress.Parse($"10.90.0.{i}/24"));
            route.AddAddress(second, InterfaceAddress.Parse($"fd00::{i}/64"), AddressFlags.NoDuplicateDetection);
        }

        Assert.Equal(100, route.Addresses(first).Count);
        Assert.Equal(100, route.Addresses(second).Count);
        Assert.Equal(202, route.Addresses().Count); // and two of the loopback
        Assert.Empty(route.Addresses(4711));
    });

    [Fact]
    public void Address_brings_the_route_to_its_network_unless_told_not_to() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());
        var index = route.AddBridge("br0");
        route.Change(index, new LinkChange { IsUp = true });

        route.AddAddress(index, InterfaceAddress.Parse("10.90.0.1/24"));
        route.AddAddress(index, InterfaceAddress.Parse("10.91.0.1/24"), AddressFlags.NoPrefixRoute);

        Assert.Equal(["10.90.0.0/24"], route.Routes().Where(r => !r.IsIPv6).Select(r => $"{r.Destination}"));
    });

    [Fact]
    public void Address_looks_to_ip_as_if_ip_had_added_it() => TestNetwork.Run(test =>
    {
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "needs ip (Debian package iproute2)");
        var network = test.Create();
        using var route = RouteSocket.Open(network);

        route.AddAddress(route.AddBridge("br0"), InterfaceAddress.Parse("10.90.7.2/20"));

        var start = new ProcessStartInfo("nsenter", [$"--net={network.Path}", "ip", "-o", "addr", "show", "br0"]);
        start.RedirectStandardOutput = true;
        using var ip = Process.Start(start)!;
        var output = ip.StandardOutput.ReadToEnd();
        ip.WaitForExit();
        Assert.Contains("inet 10.90.7.2/20 brd 10.90.15.255 scope global br0", output, StringComparison.Ordinal);
    });

    [Fact]
    public void Address_of_a_missing_link_is_an_error() => TestNetwork.Run(test =>
    {
        using var route = RouteSocket.Open(test.Create());

        var error = Assert.Throws<LinuxException>(() => route.AddAddress(4711, InterfaceAddress.Parse("10.90.0.1/24")));

        Assert.Equal(Errno.ENODEV, error.Errno);
        Assert.StartsWith("add address 10.90.0.1/24 of link 4711: No such device (ENODEV)", error.Message, StringComparison.Ordinal);
    });
}
