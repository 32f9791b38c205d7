using System.Net;
using System.Net.Sockets;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Kernel.Tests.Networks;

/// <summary>Who reaches whom, seen from the container, the host and a machine outside.</summary>
public sealed class ReachabilityTests(TestHost host) : NetworkTest(host)
{
    [Fact]
    public void A_published_port_answers_outside_clients_the_host_and_containers()
    {
        _ = Outside;
        var server = Serve("hello", On("bridge", "8080:80"));

        Assert.Equal("hello", Fetch(HostAddress, 8080, Outside));
        Assert.Equal("hello", Fetch(HostAddress, 8080));
        Assert.Equal("hello", Fetch("127.0.0.1", 8080));
        Assert.Equal("hello", Inside(server, $"timeout 3 wget -q -O- http://{HostAddress}:8080/"));
        Assert.Equal("hello", Say($"timeout 3 wget -q -O- http://{HostAddress}:8080/", On("bridge")));
    }

    [Fact]
    public void A_port_of_one_address_answers_there_only()
    {
        _ = Outside;
        Serve("hello", On("bridge", "127.0.0.1:8080:80", $"{HostAddress}:8081:80"));

        Assert.Equal("hello", Fetch("127.0.0.1", 8080));
        Assert.Null(Fetch(HostAddress, 8080, Outside, isRefused: true));
        Assert.Equal("hello", Fetch(HostAddress, 8081, Outside));
        Assert.Null(Fetch("127.0.0.1", 8081, isRefused: true));
    }

    [Fact]
    public void A_port_that_was_not_published_is_not_reached_from_outside()
    {
        _ = Outside;
        var server = Serve("hello", On("bridge"));
        var address = Services.GetContainer.Execute(server.Id).Network[0].IPAddress[0].Split('/')[0];
        using (var route = RouteSocket.Open(Outside))
        {
            route.AddRoute(new() { Destination = IPNetwork.Parse("10.0.0.0/8"), Gateway = IPAddress.Parse(HostAddress) });
        }

        Assert.Equal("hello", Fetch(address, 80));
        Assert.Null(Fetch(address, 80, Outside, isRefused: true));
    }

    // The resolver of the network listens there, at the gateway's address.
    [Fact]
    public void The_port_of_names_can_be_published_beside_a_network_with_names()
    {
        _ = Outside;
        Make("front");
        Serve("neighbor", creation => On("front")(creation) with { Name = "web" });
        Serve("hello", creation => On("front", "53:80", "53:53/udp")(creation) with { Name = "names" });
        var asking = Start("sleep 1000", On("front"));

        Assert.Equal("hello", Fetch(HostAddress, 53, Outside));
        Assert.Equal("hello", Fetch("127.0.0.1", 53));
        Assert.Equal("neighbor", Inside(asking, "timeout 3 wget -q -O- http://web/"));
        Assert.Equal("hello", Inside(asking, "timeout 3 wget -q -O- http://names/"));
        Assert.Empty(Services.RepairNetworks.Execute("front", check: true));
    }

    [Fact]
    public void Containers_of_one_network_find_each_other_by_name_and_alias()
    {
        Make("front");
        var server = Serve("hello", creation => On("front")(creation) with
        {
            Name = "web",
            Networks = [new NetworkConnection { Network = "front", Alias = ["www"] }],
        });
        var client = Start("sleep 600", On("front"));

        Assert.Equal("hello", Inside(client, "timeout 3 wget -q -O- http://web/"));
        Assert.Equal("hello", Inside(client, "timeout 3 wget -q -O- http://www/"));
        Assert.Equal("hello", Inside(client, $"timeout 3 wget -q -O- http://{server.Id[..12]}/"));

        Services.StopContainer.Execute(server.Id, TimeSpan.Zero);
        Assert.Contains("bad address 'web'", Inside(client, "timeout 3 wget -q -O- http://web/ 2>&1"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_network_that_is_not_internal_has_the_way_out_and_the_ports()
    {
        Make("inner", network => network with { Internal = true });
        var server = Serve("hello", creation => On("inner", "8080:80")(creation) with
        {
            Networks = [new NetworkConnection { Network = "inner" }, new NetworkConnection { Network = "bridge" }],
        });

        Assert.Equal("hello", Fetch("127.0.0.1", 8080));
        Assert.Contains("default via 10.90.0.1 dev eth1", Inside(server, "ip route"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_on_two_networks_finds_the_names_of_both()
    {
        Make("front");
        Make("back");
        Start("sleep 600", creation => On("front")(creation) with { Name = "web" });
        Start("sleep 600", creation => On("back")(creation) with { Name = "db" });
        var both = Start("sleep 600", On("front"));
        Services.ConnectNetwork.Execute(new NetworkConnection { Network = "back" }, both.Id);

        Assert.DoesNotContain("bad address", Inside(both, "ping -c 1 -W 2 web 2>&1"), StringComparison.Ordinal);
        Assert.DoesNotContain("bad address", Inside(both, "ping -c 1 -W 2 db 2>&1"), StringComparison.Ordinal);
        Services.DisconnectNetwork.Execute("back", both.Id);
        Assert.Contains("bad address", Inside(both, "ping -c 1 -W 2 db 2>&1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Networks_are_isolated_from_each_other_unless_a_container_is_on_both()
    {
        Make("front");
        Make("back");
        var server = Serve("hello", On("back"));
        var address = Services.GetContainer.Execute(server.Id).Network[0].IPAddress[0].Split('/')[0];

        Assert.Equal("hello", Say($"timeout 3 wget -q -O- http://{address}/", On("back")));
        Assert.NotEqual(0, Run($"timeout 1 wget -q -O- http://{address}/; exit $?", On("front")).ExitCode);
        Assert.Equal("hello", Say($"timeout 3 wget -q -O- http://{address}/", creation => creation with
        {
            Networks = [new NetworkConnection { Network = "front" }, new NetworkConnection { Network = "back" }],
        }));
    }

    [Fact]
    public void A_container_reaches_outside_by_the_hosts_address_but_not_from_an_internal_network()
    {
        Make("inner", network => network with { Internal = true });
        using var listener = Outside.OpenSocket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 7777));
        listener.Listen();
        string? seen = null;
        var server = new Thread(() =>
        {
            using var client = listener.Accept();
            seen = ((IPEndPoint)client.RemoteEndPoint!).Address.ToString();
            client.Send("outside\n"u8);
        });
        server.IsBackground = true;
        server.Start();

        Assert.NotEqual(0, Run($"nc -w 1 {OutsideAddress} 7777 < /dev/null", On("inner")).ExitCode);
        Assert.Equal("outside", Say($"nc -w 3 {OutsideAddress} 7777 < /dev/null", On("bridge")));
        Assert.True(server.Join(TimeSpan.FromSeconds(5)));
        Assert.Equal(HostAddress, seen);
    }

    [Fact]
    public void A_container_with_users_of_its_own_serves_a_low_port()
    {
        Serve("hello", creation => On("bridge", "8080:80")(creation) with { UserNamespace = "Private" });

        Assert.Equal("hello", Fetch("127.0.0.1", 8080));
    }

    [Fact]
    public void A_container_shares_the_network_of_another_one()
    {
        var server = Serve("hello", creation => On("bridge")(creation) with { Name = "web" });
        var shared = On("Container:web");

        Assert.Equal("hello", Say("timeout 3 wget -q -O- http://127.0.0.1/", shared));
        Assert.Equal(Inside(server, "cat /etc/hosts; ip addr show eth0"), Say("cat /etc/hosts; ip addr show eth0", shared));
    }

    [Fact]
    public void Containers_of_two_hosts_reach_each_other_by_published_ports()
    {
        // The other host is the machine at the end of the wire, with an engine and a bridge of its own.
        var root = Path.Join(Host.Scratch, "other");
        var variables = new Dictionary<string, string>
        {
            ["PSCONTAINERS_ROOT"] = root,
            ["PSCONTAINERS_RUN"] = $"/run/psc-other-{Environment.ProcessId}",
        };
        Serve("from here", On("bridge", "8080:80"));

        var there = HostCommand.Finish(HostCommand.Start(
            "/usr/bin/nsenter",
            [
                $"--net={Outside.Path}", Repository.Shell, "-NonInteractive", "-Command",
                $"$null = Import-ContainerImage -RootFileSystem {Host.BusyboxRoot} -Name busybox; "
                + $"Invoke-Container busybox -Network bridge -Remove -Command timeout,3,wget,-q,-O,-,http://{HostAddress}:8080/; "
                + "Remove-ContainerNetwork bridge; Get-ContainerImage | Remove-ContainerImage -Force",
            ],
            variables));

        Assert.Equal("from here", there.Text());
        Directory.Delete(root, recursive: true);
        Directory.Delete(variables["PSCONTAINERS_RUN"], recursive: true);
        Assert.Equal("", Outside.Run(Rules));
    }

    [Fact]
    public void A_container_joins_a_namespace_that_somebody_made()
    {
        using var own = NetworkNamespace.Create();

        var said = Say("readlink /proc/self/ns/net", On($"Ns:{own.Path}"));

        Assert.Equal(new FileInfo(own.Path).LinkTarget, said);
    }
}
