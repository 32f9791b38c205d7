using PsContainers.Bridge.Firewall;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Tests.Lifecycle;

/// <summary>Two engines on one host, with run directories of their own: neither knows of the other, nor harms it.</summary>
public sealed class TwoEngineTests
{
    private const int Service = 9000;

    [Fact]
    public void Each_has_a_table_that_the_others_changes_and_repairs_leave_alone()
    {
        using var host = new HostOfItsOwn();
        var other = host.AddEngine();
        var (network, theirs) = (host.Define("bridge"), Wanted.Network("theirs"));
        var container = host.Attach(network, 2, "8080:80");
        theirs = other.Define(theirs);
        var neighbor = other.Attach(theirs, 2, "8081:80");
        using var server = container.Namespace.Serve(80);
        using var theirServer = neighbor.Namespace.Serve(80);

        host.NftDo($"delete element {other.Table} ports4 {{ tcp . 8081 }}");
        Assert.NotEmpty(other.Repair(theirs, neighbor));
        host.NftDo($"delete element {host.Table} ports4 {{ tcp . 8080 }}");
        Assert.NotEmpty(host.Engine.Repair(network, container));

        Assert.Empty(other.Check(theirs, neighbor));
        Assert.Empty(host.Engine.Check(network, container));
        Assert.Equal(HostOfItsOwn.OutsideAddress, host.Outside.Ask(HostOfItsOwn.Address, 8080));
        Assert.Equal(HostOfItsOwn.OutsideAddress, host.Outside.Ask(HostOfItsOwn.Address, 8081));
        other.Detach(neighbor);
        Assert.Empty(host.Engine.Check(network, container));
        Assert.Equal(HostOfItsOwn.OutsideAddress, host.Outside.Ask(HostOfItsOwn.Address, 8080));
        Assert.DoesNotContain(other.Table, host.Nft(), StringComparison.Ordinal);
    }

    // The one that made the host a router may go first, and then it must not be the end of the other's ways, nor stay one for ever.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Host_is_a_router_until_the_last_of_them_has_no_container(bool isFirstGoneFirst)
    {
        using var host = new HostOfItsOwn();
        var other = host.AddEngine();
        var first = host.Attach(host.Define(Wanted.Network("bridge") with { HasIPv6 = true }), 2);
        var second = other.Attach(other.Define(Wanted.Network("theirs") with { HasIPv6 = true }), 2);
        using var world = host.Outside.Serve(Service);
        Assert.NotNull(first.Namespace.Ask(HostOfItsOwn.OutsideAddress, Service));
        Assert.NotNull(first.Namespace.Ask(HostOfItsOwn.OutsideAddressV6, Service));
        Assert.NotNull(second.Namespace.Ask(HostOfItsOwn.OutsideAddressV6, Service));

        (isFirstGoneFirst ? host.Engine : other).Detach(isFirstGoneFirst ? first : second);

        var last = isFirstGoneFirst ? second : first;
        Assert.NotNull(last.Namespace.Ask(HostOfItsOwn.OutsideAddress, Service));
        Assert.NotNull(last.Namespace.Ask(HostOfItsOwn.OutsideAddressV6, Service));
        Assert.Equal("2", host.Setting("ipv6/conf/wan/accept_ra"));
        (isFirstGoneFirst ? other : host.Engine).Detach(last);
        Assert.Equal("0", host.Setting("ipv4/ip_forward"));
        Assert.Equal("0", host.Setting("ipv6/conf/all/forwarding"));
        Assert.Equal("1", host.Setting("ipv6/conf/wan/accept_ra"));
    }

    // Killed while the host became a router: the link was told already, and nobody else knows how it was.
    [Fact]
    public void Link_that_a_killed_session_changed_is_as_before_in_the_end()
    {
        using var host = new HostOfItsOwn();
        File.WriteAllText(Path.Combine(host.RunDirectory, "forwarding-ipv6"), "wan\n");
        host.Itself.SetParameters(("ipv6/conf/wan/accept_ra", "2"));

        var container = host.Attach(host.Define(Wanted.Network("bridge") with { HasIPv6 = true }), 2);
        host.Detach(container);

        Assert.Equal("1", host.Setting("ipv6/conf/wan/accept_ra"));
    }

    [Fact]
    public void Containers_of_one_do_not_reach_those_of_the_other_but_by_published_ports()
    {
        using var host = new HostOfItsOwn();
        var other = host.AddEngine();
        var container = host.Attach(host.Define("bridge"), 2, "8080:80");
        var neighbor = other.Attach(other.Define(Wanted.Network("theirs")), 2, "8081:80");
        using var server = container.Namespace.Serve(80);
        using var theirServer = neighbor.Namespace.Serve(80);

        Assert.Null(container.Namespace.AskInVain(neighbor.Address, 80));
        Assert.Null(neighbor.Namespace.AskInVain(container.Address, 80));
        Assert.NotNull(container.Namespace.Ask(HostOfItsOwn.Address, 8081));
        Assert.NotNull(neighbor.Namespace.Ask(HostOfItsOwn.Address, 8080));
    }

    // Both were defined while no container was on the other, and so got the same.
    [Fact]
    public void Subnet_that_the_other_uses_is_refused_and_nothing_of_it_is_left()
    {
        using var host = new HostOfItsOwn();
        var other = host.AddEngine();
        var (network, theirs) = (host.Define("mine"), other.Define(Wanted.Network("theirs")));
        Assert.Equal(network.Subnets, theirs.Subnets);
        var container = host.Attach(network, 2);

        var refusal = Assert.Throws<DriverException>(() => other.Attach(theirs, 3));

        Assert.Equal(DriverErrorKind.InUse, refusal.Kind);
        Assert.Contains($"in use by link {network.Interface} of another engine", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(other.Table, host.Nft(), StringComparison.Ordinal);
        Assert.Empty(other.Files());
        Assert.Empty(host.Engine.Check(network, container));
    }

    [Fact]
    public void Bridge_that_lost_its_group_is_found_and_mended()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var container = host.Attach(network, 2);
        host.Itself.Run(() =>
        {
            using var route = RouteSocket.Open();
            route.Change(route.FindLink("psc0")!.Index, new() { Group = 0 });
        });

        Assert.Contains("psc0 is in group 0", Assert.Single(host.Engine.Repair(network, container)), StringComparison.Ordinal);
        Assert.Empty(host.Engine.Check(network, container));
    }

    [Fact]
    public void Table_of_the_systems_engine_has_the_plain_name_and_each_other_one_of_its_own()
    {
        Assert.Equal("inet pscontainers", TableName.Of("/run/pscontainers/plugins/bridge"));
        Assert.Equal("inet pscontainers", TableName.Of("/run/pscontainers/plugins/bridge/"));
        Assert.Matches("^inet pscontainers-[0-9a-f]{8}$", TableName.Of("/run/elsewhere/plugins/bridge"));
        Assert.NotEqual(TableName.Of("/run/elsewhere/plugins/bridge"), TableName.Of("/run/nowhere/plugins/bridge"));
    }

    [Fact]
    public void Table_is_the_same_by_whatever_links_the_folder_is_reached()
    {
        var folder = Directory.CreateTempSubdirectory("psc-table-").FullName;
        var (place, link) = (Path.Combine(folder, "place"), Path.Combine(folder, "link"));
        Directory.CreateDirectory(place);
        Directory.CreateSymbolicLink(link, "place");

        Assert.Equal(TableName.Of(Path.Combine(place, "plugins/bridge")), TableName.Of(Path.Combine(link, "plugins/bridge")));
        Directory.Delete(folder, recursive: true);
    }
}
