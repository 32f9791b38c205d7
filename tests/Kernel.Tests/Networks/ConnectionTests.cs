using System.Net;
using System.Net.Sockets;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Networks;

/// <summary>Containers join and leave networks, and their ports change, while they run.</summary>
public sealed class ConnectionTests(TestHost host) : NetworkTest(host)
{
    [Fact]
    public void A_running_container_joins_a_network_and_leaves_it_again()
    {
        Make("back", network => network with { Subnet = ["10.99.7.0/24"] });
        var container = Start("sleep 600", On("bridge"));

        var joined = Services.ConnectNetwork.Execute(
            new NetworkConnection { Network = "back", IPAddress = ["10.99.7.77"] }, container.Id);
        Assert.Equal(["10.99.7.77/24"], joined.Network[1].IPAddress);
        Assert.Contains("inet 10.99.7.77/24", Inside(container, "ip addr show eth1"), StringComparison.Ordinal);
        Assert.Contains("10.99.7.77\t", Inside(container, "cat /etc/hosts"), StringComparison.Ordinal);
        Assert.Contains("default via 10.90.0.1 dev eth0", Inside(container, "ip route"), StringComparison.Ordinal);

        Services.DisconnectNetwork.Execute("back", container.Id);
        Assert.DoesNotContain("10.99.7", Inside(container, "ip addr; cat /etc/hosts"), StringComparison.Ordinal);
        Assert.Equal("bridge", Assert.Single(Services.GetContainer.Execute(container.Id).Network).Network);
    }

    [Fact]
    public void A_container_is_on_the_networks_that_it_joined_after_a_restart()
    {
        Make("back");
        var container = Start("sleep 600", On("bridge"));
        Services.ConnectNetwork.Execute(new NetworkConnection { Network = "back" }, container.Id);

        Services.StopContainer.Execute(container.Id, TimeSpan.Zero);
        Services.StartContainer.Execute(container.Id);

        Assert.Contains("eth1", Inside(container, "ip link"), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_leaves_the_network_that_its_ports_led_through_gives_them_back()
    {
        Make("back");
        var first = Serve("first", On("bridge", "8080:80"));
        Services.ConnectNetwork.Execute(new NetworkConnection { Network = "back" }, first.Id);

        Services.DisconnectNetwork.Execute("bridge", first.Id);
        Serve("second", On("bridge", "8080:80"));

        Assert.Equal("second", Fetch("127.0.0.1", 8080));
    }

    [Fact]
    public void Who_leaves_the_network_of_its_default_route_gets_one_through_the_next_that_leads_anywhere()
    {
        const string Default = "ip route | grep default";
        Make("inner", network => network with { Internal = true });
        Make("back", network => network with { Subnet = ["10.99.7.0/24", "fd99:7::/64"] });
        var container = Start("sleep 600", On("bridge"));
        Services.ConnectNetwork.Execute(new NetworkConnection { Network = "inner" }, container.Id);
        Services.ConnectNetwork.Execute(new NetworkConnection { Network = "back" }, container.Id);

        Services.DisconnectNetwork.Execute("bridge", container.Id);
        Assert.Equal("default via 10.99.7.1 dev eth2", Inside(container, Default).Trim());
        Assert.StartsWith("default via fd99:7::1 dev eth2", Inside(container, "ip -6 route | grep default"), StringComparison.Ordinal);
        Assert.Empty(Services.RepairNetworks.Execute("back", check: true));

        // The network that comes back is one of those that lead anywhere, and not the way out.
        Services.ConnectNetwork.Execute(new NetworkConnection { Network = "bridge" }, container.Id);
        Assert.Equal("default via 10.99.7.1 dev eth2", Inside(container, Default).Trim());
        Services.DisconnectNetwork.Execute("back", container.Id);
        Assert.StartsWith("default via 10.90.0.1 dev eth", Inside(container, Default), StringComparison.Ordinal);
        Services.DisconnectNetwork.Execute("bridge", container.Id);
        Assert.Equal("", Inside(container, Default));
    }

    [Fact]
    public void Ports_of_a_stopped_container_are_changed_for_its_next_start()
    {
        var created = Services.CreateContainer.Execute(Creation(
            ["sh", "-c", "mkdir /www; echo hello > /www/index.html; exec httpd -f -p 80 -h /www"], On("bridge", "8080:80")) with
        {
            RemoveOnExit = false,
        });

        var changed = Services.UpdateContainer.Execute(created.Id, new ContainerUpdate { Ports = PortMapping.Parse("8081:80") });
        Assert.Equal(["8081:80"], changed.Port.Select(port => port.ToString()));

        Services.StartContainer.Execute(created.Id);
        WaitUntil(() => Fetch("127.0.0.1", 8081) == "hello", "the container is not reached at its new port");
        Assert.Null(Fetch("127.0.0.1", 8080, isRefused: true));
    }

    [Fact]
    public void Ports_of_a_running_container_are_changed()
    {
        var server = Serve("hello", On("bridge", "8080:80"));

        var changed = Services.UpdateContainer.Execute(server.Id, new ContainerUpdate { Ports = PortMapping.Parse("8081:80") });

        Assert.Equal(["8081:80"], changed.Port.Select(port => port.ToString()));
        Assert.Equal("hello", Fetch("127.0.0.1", 8081));
        Assert.Null(Fetch("127.0.0.1", 8080, isRefused: true));
        Services.UpdateContainer.Execute(server.Id, new ContainerUpdate { Ports = [] });
        Assert.Null(Fetch("127.0.0.1", 8081, isRefused: true));
    }

    [Fact]
    public void A_port_that_a_program_of_the_host_has_is_refused_before_anything_starts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 8080);
        listener.Start();
        var created = Services.CreateContainer.Execute(Creation(["sleep", "600"], On("bridge", "8080:80")) with { RemoveOnExit = false });

        var failure = Assert.Throws<ContainerEngineException>(() => Services.StartContainer.Execute(created.Id));

        Assert.Equal("PortInUse", failure.ErrorId);
        Assert.Equal("port 8080/tcp of the host is in use by a program of the host", failure.Message);
        Assert.Equal(ContainerStatus.Created, Services.GetContainer.Execute(created.Id).Status);
        Assert.False(Directory.Exists(Host.Paths.RunDirectory(created.Id)));
    }

    [Fact]
    public void A_port_that_another_container_has_is_refused_until_that_one_has_ended()
    {
        var first = Serve("first", On("bridge", "8080:80"));
        var second = Services.CreateContainer.Execute(Creation(
            ["sh", "-c", "mkdir /www; echo second > /www/index.html; exec httpd -f -p 80 -h /www"], On("bridge", "8080:80")) with
        {
            RemoveOnExit = false,
        });

        var failure = Assert.Throws<ContainerEngineException>(() => Services.StartContainer.Execute(second.Id));
        Assert.Equal($"port 8080/tcp of the host is in use by the container '{first.Name}'", failure.Message);

        // Nobody tells the engine: who wants the port finds out.
        using (var process = PidFd.Open(first.ProcessId!.Value))
        {
            process.Signal(9);
        }

        WaitUntil(() => File.Exists(Path.Join(Host.Paths.RunDirectory(first.Id), "exit")), "the first container does not end");
        Services.StartContainer.Execute(second.Id);
        WaitUntil(() => Fetch("127.0.0.1", 8080) == "second", "the second container is not reached");
    }

    [Fact]
    public void Addresses_are_given_out_once_until_there_is_none_left_and_come_back()
    {
        Make("small", network => network with { Subnet = ["10.99.8.0/29"] });
        var containers = Enumerable.Range(0, 5).Select(_ => Start("sleep 600", On("small"))).ToList();
        var sixth = Services.CreateContainer.Execute(Creation(["sleep", "600"], On("small")) with { RemoveOnExit = false });

        Assert.Equal(
            ["10.99.8.2/29", "10.99.8.3/29", "10.99.8.4/29", "10.99.8.5/29", "10.99.8.6/29"],
            containers.Select(container => container.Network[0].IPAddress[0]));
        var failure = Assert.Throws<ContainerEngineException>(() => Services.StartContainer.Execute(sixth.Id));
        Assert.Equal("AddressesExhausted", failure.ErrorId);

        Services.RemoveContainer.Execute(containers[2].Id, force: true);
        Assert.Equal(["10.99.8.4/29"], Services.StartContainer.Execute(sixth.Id).Network[0].IPAddress);
    }

    [Fact]
    public void An_address_that_is_taken_or_outside_of_the_network_is_refused()
    {
        Make("fixed", network => network with { Subnet = ["10.99.9.0/24"] });
        Func<ContainerCreation, ContainerCreation> at(string address) => creation => creation with
        {
            Networks = [new NetworkConnection { Network = "fixed", IPAddress = [address] }],
        };
        Start("sleep 600", creation => at("10.99.9.9")(creation) with { Name = "nine" });

        var taken = Assert.Throws<ContainerEngineException>(() => Start("true", at("10.99.9.9")));
        var gateway = Assert.Throws<ContainerEngineException>(() => Start("true", at("10.99.9.1")));
        var outside = Assert.Throws<ContainerEngineException>(() => Start("true", at("10.99.10.1")));

        Assert.Equal("address 10.99.9.9 of network 'fixed' belongs to the container 'nine'", taken.Message);
        Assert.Contains("it is the gateway's", gateway.Message, StringComparison.Ordinal);
        Assert.Contains("it lies in none of 10.99.9.0/24", outside.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Containers_with_IPv6_have_addresses_of_both_families()
    {
        Make("dual", network => network with { Subnet = ["10.99.6.0/24", "fd99:6::/64"] });
        var server = Serve("hello", On("dual", "8080:80"));

        Assert.Equal(["10.99.6.2/24", "fd99:6::2/64"], server.Network[0].IPAddress);
        Assert.Equal("hello", Say("timeout 3 wget -q -O- 'http://[fd99:6::2]/'", On("dual")));
        Assert.Equal("hello", Fetch("fd99:6::1", 8080));
    }

    [Fact]
    public void After_the_firewall_was_flushed_a_repair_brings_published_ports_back()
    {
        _ = Outside;
        Serve("hello", On("bridge", "8080:80"));
        Assert.Empty(Services.RepairNetworks.Execute("bridge", check: true));

        HostCommand.Run("/usr/sbin/nft", "flush", "ruleset").Text();
        Assert.Null(Fetch(HostAddress, 8080, Outside, isRefused: true));
        Assert.NotEmpty(Services.RepairNetworks.Execute("bridge", check: true));
        Assert.NotEmpty(Services.RepairNetworks.Execute("bridge", check: false));

        Assert.Equal("hello", Fetch(HostAddress, 8080, Outside));
        Assert.Empty(Services.RepairNetworks.Execute("bridge", check: true));
    }

    [Fact]
    public void A_network_in_use_is_removed_by_force_only()
    {
        Make("front");
        var container = Start("sleep 600", On("front"));

        var failure = Assert.Throws<ContainerEngineException>(() => Services.RemoveNetwork.Execute("front"));
        Assert.Equal($"network 'front' is used by '{container.Name}'", failure.Message);

        Services.RemoveNetwork.Execute("front", force: true);
        Assert.Equal("lo", Inside(container, "ls /sys/class/net"));
        Assert.Empty(Services.GetNetworks.Execute());
    }
}
