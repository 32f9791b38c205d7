using PsContainers.Bridge.Tests.Harness;

namespace PsContainers.Bridge.Tests.Reachability;

/// <summary>From where a published port is reached, and what the server sees of the client.</summary>
public sealed class PublishedPortTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Port_is_reached_from_outside_by_every_address_and_sees_the_client(bool isUdp)
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge") with { HasIPv6 = true });
        var container = host.Attach(network, 2, isUdp ? "8080:80/udp" : "8080:80");

        using var server = container.Namespace.Serve(80, isUdp);

        Assert.Equal(HostOfItsOwn.OutsideAddress, host.Outside.Ask(HostOfItsOwn.Address, 8080, isUdp));
        Assert.Equal(HostOfItsOwn.OutsideAddress, host.Outside.Ask(HostOfItsOwn.SecondAddress, 8080, isUdp));
        Assert.Equal(HostOfItsOwn.OutsideAddressV6, host.Outside.Ask(HostOfItsOwn.AddressV6, 8080, isUdp));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Port_is_reached_from_the_host_by_its_own_address_and_by_loopback(bool isUdp)
    {
        using var host = new HostOfItsOwn();
        var network = host.Define(Wanted.Network("bridge") with { HasIPv6 = true });
        var container = host.Attach(network, 2, isUdp ? "8080:80/udp" : "8080:80");

        using var server = container.Namespace.Serve(80, isUdp);

        Assert.Equal(HostOfItsOwn.Address, host.Itself.Ask(HostOfItsOwn.Address, 8080, isUdp));
        Assert.Equal("10.90.0.1", host.Itself.Ask("127.0.0.1", 8080, isUdp));
        Assert.NotNull(host.Itself.Ask(HostOfItsOwn.AddressV6, 8080, isUdp));
    }
}
