using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;
using PsContainers.Linux.Netlink;

namespace PsContainers.Bridge.Tests.Lifecycle;

/// <summary>That nothing of an attachment is left, however it ended, and whatever became of it before.</summary>
public sealed class DetachmentTests
{
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

        host.Attach(network, 3);

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
}
