using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Tests.Lifecycle;

/// <summary>What Check finds, and that Repair mends it.</summary>
public sealed class UpkeepTests
{
    [Fact]
    public void Network_that_is_whole_has_nothing_to_tell()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge") with { HasIPv6 = true });
        var record = host.Attach(network, 2, "8080:80", "127.0.0.1:8081:81/udp").Record(host);

        Assert.Empty(Check(host, network, record));
        Assert.Empty(Repair(host, network, record));
    }

    [Theory]
    [InlineData("flush ruleset", "table TABLE is missing")]
    [InlineData("delete table TABLE", "table TABLE is missing")]
    [InlineData("flush chain TABLE publish", "chain publish was changed")]
    [InlineData("add rule TABLE forward accept", "chain forward was changed")]
    [InlineData("delete element TABLE ports4 { tcp . 8080 }", "lacks ports4 tcp . 8080 : 10.90.0.2 . 80")]
    [InlineData("add element TABLE ports4 { tcp . 9 : 10.90.0.9 . 9 }", "has ports4 tcp . 9 : 10.90.0.9 . 9")]
    [InlineData("delete element TABLE bridges { psc0 }", "lacks bridges psc0")]
    [InlineData("delete element TABLE subnets4 { psc0 . 10.90.0.0/16 }", "lacks subnets4 psc0 . 10.90.0.0/16")]
    public void Damage_to_the_firewall_is_found_and_mended(string damage, string finding)
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var container = host.Attach(network, 2, "8080:80");
        host.NftDo(damage.Replace("TABLE", host.Table, StringComparison.Ordinal));

        var found = Check(host, network, container.Record(host));
        var mended = Repair(host, network, container.Record(host));

        Assert.Contains(finding.Replace("TABLE", host.Table, StringComparison.Ordinal), string.Join('\n', found), StringComparison.Ordinal);
        Assert.Equal(found, mended);
        Assert.Empty(Check(host, network, container.Record(host)));
        using var server = container.Namespace.Serve(80);
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8080));
    }

    [Fact]
    public void Bridge_that_was_deleted_is_made_again_with_its_ports()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var (one, other) = (host.Attach(network, 2, "8080:80"), host.Attach(network, 3));
        OnHost(host, route => route.Remove("psc0"));

        var mended = Repair(host, network, one.Record(host), other.Record(host));

        Assert.Contains("bridge psc0 is missing", Assert.Single(mended), StringComparison.Ordinal);
        Assert.Empty(Check(host, network, one.Record(host), other.Record(host)));
        using var server = one.Namespace.Serve(80);
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8080));
        Assert.NotNull(other.Namespace.Ask(one.Address, 80));
    }

    [Fact]
    public void Links_and_settings_are_compared_and_mended()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge") with { Mtu = 1400 });
        var (one, other) = (host.Attach(network, 2), host.Attach(network, 3));
        OnHost(host, route =>
        {
            var bridge = route.FindLink("psc0")!.Index;
            route.RemoveAddress(bridge, InterfaceAddress.Parse("10.90.0.1/16"));
            route.Change(bridge, new() { Mtu = 1300 });
            route.Change(route.FindLink(HostLink(host, one))!.Index, new() { Master = 0 });
            route.Remove(HostLink(host, other));
            route.AddVeth(new() { Name = "pv0123456789ab", PeerName = "peer", Master = bridge });
            File.WriteAllText("/proc/sys/net/ipv4/conf/psc0/route_localnet", "0");
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "0");
        });

        var found = string.Join('\n', Check(host, network, one.Record(host), other.Record(host)));
        Repair(host, network, one.Record(host), other.Record(host));

        Assert.All(
            [
                "lacks address 10.90.0.1/16",
                "has MTU 1300, not 1400",
                "is no port of bridge psc0",
                $"link {HostLink(host, other)} is missing",
                "link pv0123456789ab belongs to no attachment",
                "route_localnet is 0, not 1",
                "does not forward IPv4",
            ],
            finding => Assert.Contains(finding, found, StringComparison.Ordinal));
        Assert.Empty(Check(host, network, one.Record(host), other.Record(host)));
        using var server = one.Namespace.Serve(80);
        Assert.NotNull(other.Namespace.Ask(one.Address, 80));
    }

    [Fact]
    public void Attachment_that_nobody_knows_is_removed()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var (known, forgotten) = (host.Attach(network, 2), host.Attach(network, 3, "8080:80"));

        var mended = Repair(host, network, known.Record(host));

        Assert.Contains(mended, line => line.Contains(forgotten.Id[..12], StringComparison.Ordinal));
        Assert.Contains(mended, line => line.Contains("8080", StringComparison.Ordinal));
        Assert.DoesNotContain("8080", host.Nft(), StringComparison.Ordinal);
        Assert.Empty(Check(host, network, known.Record(host)));
    }

    [Fact]
    public void Network_without_attachments_is_left_with_nothing()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        host.Attach(network, 2, "8080:80");

        Assert.NotEmpty(Repair(host, network));

        Assert.Empty(Check(host, network));
        Assert.Equal("", host.Nft());
    }

    // The folder is on a file system that somebody may empty; the kernel has it all still.
    [Fact]
    public void Records_that_are_lost_are_written_again()
    {
        using var host = new HostOfItsOwn();
        var network = host.Define("bridge");
        var container = host.Attach(network, 2, "8080:80");
        Directory.Delete(Path.Combine(host.RunDirectory, "networks"), recursive: true);

        Assert.NotEmpty(Repair(host, network, container.Record(host)));

        Assert.Empty(Check(host, network, container.Record(host)));
    }

    private static string HostLink(HostOfItsOwn host, TestContainer container) => container.Record(host).Plan.State!;

    private static void OnHost(HostOfItsOwn host, Action<RouteSocket> work) => host.Itself.Run(() =>
    {
        using var route = RouteSocket.Open();
        work(route);
    });

    private static IReadOnlyList<string> Check(HostOfItsOwn host, NetworkDefinition network, params AttachmentRecord[] records) =>
        host.Itself.Run(() => host.Driver.Check(network, records, CancellationToken.None));

    private static IReadOnlyList<string> Repair(HostOfItsOwn host, NetworkDefinition network, params AttachmentRecord[] records) =>
        host.Itself.Run(() => host.Driver.Repair(network, records, CancellationToken.None));
}
