using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Macvlan.Tests;

/// <summary>A VLAN of the parent comes with its first container and goes with its last.</summary>
public sealed class VlanTests
{
    private static bool HasVlans(WireHost host)
    {
        using var route = RouteSocket.Open(host.Peer);
        try
        {
            return route.Remove(route.AddVlan("probe", route.FindLink("wan")!.Index, 4000));
        }
        catch (LinuxException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return false;
        }
    }

    [Fact]
    public void Kernel_without_vlans_is_told_of_and_nothing_is_left()
    {
        using var host = new WireHost();
        Assert.SkipWhen(HasVlans(host), "this kernel has VLANs");
        var network = host.Define(WireHost.Wanted() with { Vlan = 7 });

        var error = Assert.Throws<DriverException>(() => host.Attach(network, 11));

        Assert.Equal("network wire: this kernel has no VLANs (module 8021q)", error.Message);
        Assert.Equal(DriverErrorKind.Unavailable, error.Kind);
    }

    [Fact]
    public void Vlan_is_made_for_the_first_container_and_removed_after_the_last()
    {
        using var host = new WireHost();
        Assert.SkipUnless(HasVlans(host), "this kernel has no VLANs (module 8021q)");
        var network = host.Define(WireHost.Wanted() with { Vlan = 7 });
        var (one, other) = (host.Attach(network, 11), host.Attach(network, 12));

        host.Detach(one);
        Assert.Single(VlansOf(host));
        Assert.Equal([], host.Check(other));
        host.Detach(other);

        Assert.Empty(VlansOf(host));
    }

    [Fact]
    public void Container_that_nobody_knows_does_not_hold_a_vlan_for_ever()
    {
        using var host = new WireHost();
        Assert.SkipUnless(HasVlans(host), "this kernel has no VLANs (module 8021q)");
        var network = host.Define(WireHost.Wanted() with { Vlan = 7 });
        host.Attach(network, 11);

        var mended = host.Itself.Run(() => host.Driver.Repair(network, [], default));

        Assert.EndsWith("holds VLAN 7, and has no attachment", Assert.Single(mended), StringComparison.Ordinal);
        Assert.Empty(VlansOf(host));
    }

    private static List<Link> VlansOf(WireHost host)
    {
        using var route = RouteSocket.Open(host.Itself);
        return [.. route.Links().Where(link => link.Kind == "vlan")];
    }
}
