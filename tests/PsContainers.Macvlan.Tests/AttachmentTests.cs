using System.Net;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan.Tests;

/// <summary>Who reaches whom, and what is left afterwards.</summary>
public sealed class AttachmentTests
{
    [Fact]
    public void Containers_of_one_parent_reach_each_other_and_the_machine_outside()
    {
        using var host = new WireHost();
        var network = host.Define(WireHost.Wanted());

        var (one, other) = (host.Attach(network, 11), host.Attach(network, 12));

        Assert.Equal("eth0", one.Result!.Interface);
        Assert.Null(one.Result.HostInterface);
        Assert.Equal(["192.0.2.11/24", "2001:db8::11/64"], one.Result.Addresses);
        Assert.Equal([WireHost.Outside], one.Result.Gateways);
        var link = Assert.Single(WireHost.LinksOf(one));
        Assert.Equal(("macvlan", MacvlanMode.Bridge, one.Result.MacAddress), (link.Kind, link.MacvlanMode, link.MacAddress));
        using var neighbor = WireHost.Of(other);
        Assert.True(WireHost.Reaches(one, neighbor, "192.0.2.12"));
        Assert.True(WireHost.Reaches(one, neighbor, "2001:db8::12"));
        Assert.True(WireHost.Reaches(one, host.Peer, WireHost.Outside));
        Assert.True(WireHost.Reaches(one, host.Peer, WireHost.OutsideV6));
        Assert.True(WireHost.Reaches(host.Peer, neighbor, "192.0.2.12"));
        Assert.False(WireHost.Reaches(host.Itself, neighbor, "192.0.2.12"));
        Assert.Equal([], host.Check(one, other));
        Detach(host, one, other);
    }

    [Fact]
    public void Private_containers_reach_the_machine_outside_but_not_each_other()
    {
        using var host = new WireHost();
        var network = host.Define(WireHost.Wanted("private"));
        var (one, other) = (host.Attach(network, 11), host.Attach(network, 12));

        using var neighbor = WireHost.Of(other);
        Assert.False(WireHost.Reaches(one, neighbor, "192.0.2.12"));
        Assert.True(WireHost.Reaches(one, host.Peer, WireHost.Outside));
        Detach(host, one, other);
    }

    [Fact]
    public void Parent_that_is_passed_through_takes_one_container()
    {
        using var host = new WireHost();
        var network = host.Define(WireHost.Wanted("passthru"));
        var one = host.Attach(network, 11);

        var error = Assert.Throws<DriverException>(() => host.Attach(network, 12));

        Assert.Equal(DriverErrorKind.InUse, error.Kind);
        Assert.Contains("c12 on network wire: link wan takes no link that it is passed", error.Message, StringComparison.Ordinal);
        Assert.True(WireHost.Reaches(one, host.Peer, WireHost.Outside));
        Detach(host, one);
    }

    [Fact]
    public void Container_has_the_address_mtu_and_routes_that_were_asked_for()
    {
        using var host = new WireHost();
        var network = host.Define(WireHost.Wanted("vepa") with { Mtu = 1400 });

        var record = host.Attach(host.Request(network, 11) with { MacAddress = "02:00:00:00:00:11", Interface = "eth3" });

        var link = Assert.Single(WireHost.LinksOf(record));
        Assert.Equal(("eth3", "02:00:00:00:00:11", 1400, MacvlanMode.Vepa), (link.Name, link.MacAddress, link.Mtu, link.MacvlanMode));
        Assert.Equal([IPAddress.Parse(WireHost.Outside)], DefaultGateways(record));
        Detach(host, record);
    }

    [Fact]
    public void Internal_network_and_one_that_is_not_the_way_out_give_no_default_route()
    {
        using var host = new WireHost();
        var inside = host.Attach(host.Define(WireHost.Wanted() with { IsInternal = true }), 11);
        var second = host.Attach(host.Request(host.Define(WireHost.Wanted(digit: 'b')), 12) with { IsDefaultRoute = false });

        Assert.Equal([], DefaultGateways(inside));
        Assert.Equal([], DefaultGateways(second));
        Detach(host, inside, second);
    }

    [Fact]
    public void Without_an_IPv6_subnet_a_container_has_no_IPv6_address_at_all()
    {
        using var host = new WireHost();
        var network = host.Define(WireHost.Wanted() with { Subnets = [new() { Subnet = "192.0.2.0/24" }] });

        var record = host.Attach(network, 11);

        using var container = WireHost.Of(record);
        using var route = RouteSocket.Open(container);
        var addresses = route.Addresses(route.FindLink("eth0")!.Index).Select(address => $"{address.Address}");
        Assert.Equal(["192.0.2.11/24"], addresses);
        Detach(host, record);
    }

    [Fact]
    public void Attachment_that_fails_in_the_container_leaves_no_link_there()
    {
        using var host = new WireHost();
        var request = host.Request(host.Define(WireHost.Wanted()), 11);
        using var container = NetworkNamespace.Open(request.NamespacePath!);
        using var route = RouteSocket.Open(container);

        // An unreachable gateway: the address is there, and nothing of its subnet is on the link.
        var subnet = new SubnetDefinition { Subnet = "192.0.2.0/24", Gateway = "203.0.113.1" };
        var broken = request with { Network = request.Network with { Subnets = [subnet] }, Addresses = ["192.0.2.11/24"] };
        var plan = new AttachmentPlan { Request = broken };

        var error = Assert.Throws<DriverException>(() => host.Itself.Run(() => host.Driver.Attach(plan, default)));

        Assert.Contains("container c11 on network wire: add route default via 203.0.113.1", error.Message, StringComparison.Ordinal);
        Assert.Equal(["lo"], route.Links().Select(link => link.Name));
    }

    [Fact]
    public void Link_of_the_container_is_not_taken_for_the_drivers()
    {
        using var host = new WireHost();
        var request = host.Request(host.Define(WireHost.Wanted()), 11);
        using var container = NetworkNamespace.Open(request.NamespacePath!);
        using var route = RouteSocket.Open(container);
        route.AddVeth(new() { Name = "eth0", PeerName = "eth1" });

        var error = Assert.Throws<DriverException>(() => host.Attach(request));
        host.Detach(new() { Plan = host.Driver.Plan(request) });

        Assert.Equal(DriverErrorKind.InUse, error.Kind);
        Assert.NotNull(route.FindLink("eth0"));
    }

    [Fact]
    public void Detachment_is_repeated_and_does_without_a_namespace_or_a_result()
    {
        using var host = new WireHost();
        var record = host.Attach(host.Define(WireHost.Wanted()), 11);

        host.Detach(new() { Plan = record.Plan });
        host.Detach(record);
        host.Detach(new() { Plan = record.Plan with { Request = record.Plan.Request with { NamespacePath = null } } });
        host.Detach(new() { Plan = record.Plan with { Request = record.Plan.Request with { NamespacePath = "/proc/self/fd/9999" } } });

        Assert.Empty(WireHost.LinksOf(record));
    }

    [Fact]
    public void Repair_brings_back_a_link_with_its_address_and_says_so()
    {
        using var host = new WireHost();
        var record = host.Attach(host.Define(WireHost.Wanted()), 11);
        using (var container = WireHost.Of(record))
        {
            using var route = RouteSocket.Open(container);
            route.Remove("eth0");
        }

        var found = host.Check(record);
        var mended = host.Repair(record);

        Assert.Equal(["container c11 on network wire: link eth0 is missing"], found);
        Assert.Equal(found, mended);
        Assert.Equal(record.Result!.MacAddress, Assert.Single(WireHost.LinksOf(record)).MacAddress);
        Assert.Equal([], host.Repair(record));
        Detach(host, record);
    }

    [Fact]
    public void Repair_adds_an_address_and_a_route_that_are_missing()
    {
        using var host = new WireHost();
        var record = host.Attach(host.Define(WireHost.Wanted()), 11);
        using (var container = WireHost.Of(record))
        {
            using var route = RouteSocket.Open(container);
            route.RemoveAddress(route.FindLink("eth0")!.Index, InterfaceAddress.Parse("192.0.2.11/24"));
        }

        Assert.Equal(
            [
                "container c11 on network wire: link eth0 lacks address 192.0.2.11/24",
                $"container c11 on network wire: there is no default route via {WireHost.Outside}",
            ],
            host.Repair(record));
        Assert.True(WireHost.Reaches(record, host.Peer, WireHost.Outside));
        Detach(host, record);
    }

    [Fact]
    public void Parent_that_is_down_is_named()
    {
        using var host = new WireHost();
        var network = host.Define(WireHost.Wanted());
        using var route = RouteSocket.Open(host.Itself);
        route.Change(route.FindLink("wan")!.Index, new() { IsUp = false });

        var error = Assert.Throws<DriverException>(() => host.Attach(network, 11));

        Assert.Equal("network wire: link wan, its parent, is down", error.Message);
        Assert.Equal(DriverErrorKind.Unavailable, error.Kind);
    }

    private static void Detach(WireHost host, params AttachmentRecord[] records)
    {
        foreach (var record in records)
        {
            host.Detach(record);
            Assert.Empty(WireHost.LinksOf(record));
        }
    }

    private static List<IPAddress?> DefaultGateways(AttachmentRecord record)
    {
        using var container = WireHost.Of(record);
        using var route = RouteSocket.Open(container);
        return [.. route.Routes().Where(found => found.Destination is null).Select(found => found.Gateway)];
    }
}
