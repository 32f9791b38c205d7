using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;

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
        var container = host.Attach(WithIPv6(host), 2, isUdp ? "8080:80/udp" : "8080:80");

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
        var container = host.Attach(WithIPv6(host), 2, isUdp ? "8080:80/udp" : "8080:80");

        using var server = container.Namespace.Serve(80, isUdp);

        Assert.Equal(HostOfItsOwn.Address, host.Itself.Ask(HostOfItsOwn.Address, 8080, isUdp));
        Assert.Equal(HostOfItsOwn.AddressV6, host.Itself.Ask(HostOfItsOwn.AddressV6, 8080, isUdp));
        Assert.Equal("10.90.0.1", host.Itself.Ask("127.0.0.1", 8080, isUdp));
        Assert.Null(host.Itself.AskInVain("::1", 8080, isUdp));
    }

    // A container that asks for itself by way of the host must not see its own address as that of the client.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Container_reaches_ports_of_its_own_network_by_the_host(bool isUdp, bool isBridgeFiltered)
    {
        using var host = new HostOfItsOwn(isBridgeFiltered);
        var network = WithIPv6(host);
        var container = host.Attach(network, 2, isUdp ? "8080:80/udp" : "8080:80");
        var neighbor = host.Attach(network, 3);

        using var server = container.Namespace.Serve(80, isUdp);

        Assert.Equal("10.90.0.1", container.Namespace.Ask(HostOfItsOwn.Address, 8080, isUdp));
        Assert.Equal("10.90.0.1", neighbor.Namespace.Ask(HostOfItsOwn.Address, 8080, isUdp));
        Assert.Equal("10.90.0.1", neighbor.Namespace.Ask("10.90.0.1", 8080, isUdp));
        Assert.Equal(network.Subnets[1].Gateway, neighbor.Namespace.Ask(HostOfItsOwn.AddressV6, 8080, isUdp));
    }

    [Fact]
    public void Container_reaches_a_port_of_another_network_by_the_host_and_is_seen()
    {
        using var host = new HostOfItsOwn();
        var one = WithIPv6(host);
        var container = host.Attach(one, 2, "8080:80");
        var stranger = host.Attach(host.Define(Wanted.Network("other") with { HasIPv6 = true }, one), 2);

        using var server = container.Namespace.Serve(80);

        Assert.Equal(stranger.Address, stranger.Namespace.Ask(HostOfItsOwn.Address, 8080));
        Assert.Equal(stranger.AddressV6, stranger.Namespace.Ask(HostOfItsOwn.AddressV6, 8080));
        Assert.Null(stranger.Namespace.AskInVain(container.Address, 80));
    }

    [Fact]
    public void Port_bound_to_an_address_is_reached_there_only()
    {
        using var host = new HostOfItsOwn();
        var container = host.Attach(WithIPv6(host), 2, $"{HostOfItsOwn.SecondAddress}:8080:80", $"[{HostOfItsOwn.AddressV6}]:8081:80");

        using var server = container.Namespace.Serve(80);

        Assert.Equal(HostOfItsOwn.OutsideAddress, host.Outside.Ask(HostOfItsOwn.SecondAddress, 8080));
        Assert.Equal(HostOfItsOwn.OutsideAddressV6, host.Outside.Ask(HostOfItsOwn.AddressV6, 8081));
        Assert.NotNull(host.Itself.Ask(HostOfItsOwn.SecondAddress, 8080));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8080));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.AddressV6, 8080));
        Assert.Null(host.Itself.AskInVain("127.0.0.1", 8080));
    }

    [Fact]
    public void Port_bound_to_loopback_is_reached_from_the_host_only()
    {
        using var host = new HostOfItsOwn();
        var network = WithIPv6(host);
        var container = host.Attach(network, 2, "127.0.0.1:8080:80");
        var neighbor = host.Attach(network, 3);

        using var server = container.Namespace.Serve(80);

        Assert.Equal("10.90.0.1", host.Itself.Ask("127.0.0.1", 8080));
        Assert.Null(host.Itself.AskInVain(HostOfItsOwn.Address, 8080));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8080));
        Assert.Null(neighbor.Namespace.AskInVain(HostOfItsOwn.Address, 8080));
    }

    [Fact]
    public void Port_of_one_family_is_not_there_in_the_other()
    {
        using var host = new HostOfItsOwn();
        var container = host.Attach(WithIPv6(host), 2, "0.0.0.0:8080:80", "[::]:8081:80");

        using var server = container.Namespace.Serve(80);

        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8080));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.AddressV6, 8080));
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.AddressV6, 8081));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8081));
    }

    [Fact]
    public void Five_hundred_ports_of_one_container_and_two_containers_with_the_same_inside()
    {
        using var host = new HostOfItsOwn();
        var network = WithIPv6(host);
        var many = host.Attach(network, 2, [.. Enumerable.Range(20000, 500).Select(port => $"{port}:80")]);
        var other = host.Attach(network, 3, "8080:80");

        using var server = many.Namespace.Serve(80);
        using var otherServer = other.Namespace.Serve(80);

        Assert.All([20000, 20123, 20499, 8080], port => Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, port)));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 20500));
    }

    [Fact]
    public void Publishing_changes_ports_while_the_container_runs()
    {
        using var host = new HostOfItsOwn();
        var container = host.Attach(WithIPv6(host), 2, "8080:80", "8081:80");
        using var server = container.Namespace.Serve(80);

        Publish(host, container, "8081:80", "8082:80");

        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8080));
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8081));
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8082));
        Assert.DoesNotContain("8080", host.Nft(), StringComparison.Ordinal);
    }

    // To the kernel a client that goes on sending is one connection, whatever became of the port.
    [Fact]
    public void Datagrams_of_a_client_that_goes_on_sending_follow_the_port()
    {
        using var host = new HostOfItsOwn();
        var network = WithIPv6(host);
        var (one, other) = (host.Attach(network, 2), host.Attach(network, 3));
        using var ofOne = one.Namespace.Serve(53, isUdp: true);
        using var ofOther = other.Namespace.Serve(53, isUdp: true);
        using var client = new DatagramClient(host.Outside, HostOfItsOwn.Address, 5353);
        Assert.False(client.Ask());

        Publish(host, one, "5353:53/udp");
        Assert.True(client.Ask());
        Publish(host, one);
        Assert.False(client.Ask());
        Publish(host, other, "5353:53/udp");
        Assert.True(client.Ask());
        host.Detach(other);
        Assert.False(client.Ask());
    }

    [Fact]
    public void Port_that_another_container_has_is_refused_and_stays_its_own()
    {
        using var host = new HostOfItsOwn();
        var network = WithIPv6(host);
        var first = host.Attach(network, 2, "8080:80");
        using var server = first.Namespace.Serve(80);

        var error = Assert.Throws<DriverException>(() => host.Attach(network, 3, "8081:80", "8080:80"));

        Assert.Equal(DriverErrorKind.InUse, error.Kind);
        Assert.Contains("8080/tcp", error.Message, StringComparison.Ordinal);
        Assert.Contains(first.Id[..12], error.Message, StringComparison.Ordinal);
        Assert.NotNull(host.Outside.Ask(HostOfItsOwn.Address, 8080));
        Assert.Null(host.Outside.AskInVain(HostOfItsOwn.Address, 8081));
    }

    private static void Publish(HostOfItsOwn host, TestContainer container, params string[] ports) => host.Itself.Run(() =>
        host.Driver.Publish(container.Record(host), [.. ports.Select(Wanted.Port)], CancellationToken.None));

    private static NetworkDefinition WithIPv6(HostOfItsOwn host) => host.Define(Wanted.Network("bridge") with { HasIPv6 = true });
}
