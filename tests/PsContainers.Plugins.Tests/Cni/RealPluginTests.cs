using System.Net;
using System.Net.Sockets;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Linux.Netlink;

namespace PsContainers.Plugins.Tests.Cni;

/// <summary>The plugins that the CNI project itself makes, as Debian ships them.</summary>
public sealed class RealPluginTests
{
    private const string Bridge = """
        {
          "cniVersion": "1.0.0",
          "name": "blue-net",
          "plugins": [
            { "type": "bridge", "bridge": "cni-blue", "isGateway": true, "ipMasq": true, "hairpinMode": true,
              "ipam": { "type": "host-local", "dataDir": "$LEASES", "ranges": [[{ "subnet": "10.98.0.0/24" }]],
                        "routes": [{ "dst": "0.0.0.0/0" }] },
              "dns": { "nameservers": ["192.0.2.53"], "search": ["blue.example"] } },
            { "type": "portmap", "capabilities": { "portMappings": true } }
          ]
        }
        """;

    public RealPluginTests() =>
        Assert.SkipUnless(File.Exists($"{CniHost.DebianPlugins}/bridge"), "needs the Debian package containernetworking-plugins");

    [Fact]
    public void Bridge_with_host_local_and_portmap_connects_a_container_and_publishes_its_port()
    {
        using var host = new CniHost();
        var network = host.Define(host.Write(Bridge));
        using var outside = host.Add();
        Wire(host, outside);

        var record = host.Attach(host.Request(network, new PortMapping { HostPort = 8080, ContainerPort = 80 }));

        var result = record.Result!;
        Assert.Equal("eth0", result.Interface);
        Assert.Equal(["10.98.0.2/24"], result.Addresses);
        Assert.Equal(["10.98.0.1"], result.Gateways);
        Assert.Equal(["192.0.2.53"], result.NameServers);
        Assert.Equal(["blue.example"], result.SearchDomains);
        Assert.StartsWith("veth", result.HostInterface, StringComparison.Ordinal);
        Assert.Equal(result.Addresses, host.AddressesOf(host.Container, "eth0"));
        Assert.Equal(MacOf(host.Container, "eth0"), result.MacAddress);
        Assert.True(Reaches(host.Itself, "10.98.0.2", 80, host.Container));
        Assert.True(Reaches(outside, "192.0.2.1", 8080, host.Container, served: 80));

        host.Detach(record);
        Assert.Equal([], host.LinksOf(host.Container));
        Assert.Equal([CniHost.BridgeName, "wan"], host.LinksOf(host.Itself)); // the plugin keeps its bridge
        Assert.Equal([], host.Given("blue-net"));
        Assert.False(Reaches(outside, "192.0.2.1", 8080, host.Container, served: 80));
        host.Detach(record);
    }

    [Fact]
    public void Check_sees_an_address_that_is_gone_and_repair_says_that_it_mended_nothing()
    {
        using var host = new CniHost();
        var record = host.Attach(host.Request(host.Define(host.Write(Bridge))));
        Assert.Equal([], host.Check(record));
        using (var again = NetworkNamespace.Open(host.Container.Path))
        {
            // The same namespace by another path, as each call has.
            var request = record.Plan.Request with { NamespacePath = again.Path };
            Assert.Equal([], host.Check(record with { Plan = record.Plan with { Request = request } }));
        }

        using (var route = RouteSocket.Open(host.Container))
        {
            route.RemoveAddress(route.FindLink("eth0")!.Index, InterfaceAddress.Parse("10.98.0.2/24"));
        }

        var lines = host.Check(record);

        Assert.Contains(
            "container web on network blue: CHECK of the CNI plugin bridge failed", Assert.Single(lines), StringComparison.Ordinal);
        Assert.Equal([], host.Repair(record));
        host.Detach(record);
    }

    [Fact]
    public void Container_that_is_gone_gives_back_its_address_without_a_namespace_or_a_result()
    {
        using var host = new CniHost();
        var record = host.Attach(host.Request(host.Define(host.Write(Bridge))));
        Assert.Equal(["10.98.0.2"], host.Given("blue-net"));

        host.Detach(new() { Plan = record.Plan with { Request = record.Plan.Request with { NamespacePath = null } } });

        Assert.Equal([], host.Given("blue-net"));
    }

    [Fact]
    public void File_that_changes_or_goes_changes_nothing_for_a_network_that_was_made()
    {
        using var host = new CniHost();
        var file = host.Write(Bridge);
        var record = host.Attach(host.Request(host.Define(file)));
        File.Delete(file);

        host.Detach(record);

        Assert.Equal([], host.LinksOf(host.Container));
        Assert.Equal([], host.Given("blue-net"));
    }

    [Fact]
    public void Macvlan_with_host_local_is_made_of_a_single_configuration()
    {
        using var host = new CniHost();
        using var outside = host.Add();
        Wire(host, outside);
        var network = host.Define(host.Write("""
            { "cniVersion": "0.4.0", "name": "mac-net", "type": "macvlan", "master": "wan", "mode": "bridge",
              "ipam": { "type": "host-local", "dataDir": "$LEASES", "subnet": "192.0.2.0/24", "rangeStart": "192.0.2.100" } }
            """, "20-mac.conf"));

        var record = host.Attach(host.Request(network));

        Assert.Equal(["192.0.2.100/24"], record.Result!.Addresses);
        Assert.Null(record.Result.HostInterface);
        Assert.True(Reaches(outside, "192.0.2.100", 80, host.Container));
        Assert.Equal([], host.Check(record));
        host.Detach(record);
        Assert.Equal(["wan"], host.LinksOf(host.Itself));
        Assert.Equal([], host.LinksOf(host.Container));
        Assert.Equal([], host.Given("mac-net"));
    }

    [Fact]
    public void Loopback_is_a_chain_too()
    {
        using var host = new CniHost();
        var network = host.Define(host.Write("""{"cniVersion":"1.0.0","name":"lo-net","plugins":[{"type":"loopback"}]}"""));

        var record = host.Attach(host.Request(network) with { Interface = "lo" });

        Assert.Equal("lo", record.Result!.Interface);
        Assert.Contains("127.0.0.1/8", record.Result.Addresses);
        host.Detach(record);
    }

    [Fact]
    public void Real_chain_that_fails_at_its_end_is_undone()
    {
        using var host = new CniHost();
        host.Script("last", """echo '{"cniVersion":"1.0.0","code":100,"msg":"not today","details":"it rains"}'; exit 1""");
        var network = host.Define(host.Write(Bridge.Replace("\"portmap\"", "\"last\"", StringComparison.Ordinal)));

        var error = Assert.Throws<DriverException>(() => host.Attach(host.Request(network)));

        Assert.Contains("ADD of the CNI plugin last failed: not today: it rains (error 100)", error.Message, StringComparison.Ordinal);
        Assert.Equal([], host.LinksOf(host.Container));
        Assert.Equal([CniHost.BridgeName], host.LinksOf(host.Itself));
        Assert.Equal([], host.Given("blue-net"));
    }

    private static void Wire(CniHost host, NetworkNamespace outside)
    {
        using var here = RouteSocket.Open(host.Itself);
        here.AddVeth(new() { Name = "wan", IsUp = true, PeerName = "wan", PeerNamespace = outside });
        here.AddAddress(here.FindLink("wan")!.Index, InterfaceAddress.Parse("192.0.2.1/24"));
        using var there = RouteSocket.Open(outside);
        there.AddAddress(there.FindLink("wan")!.Index, InterfaceAddress.Parse("192.0.2.2/24"));
        there.Change(there.FindLink("wan")!.Index, new() { IsUp = true });
    }

    private static string? MacOf(NetworkNamespace network, string link)
    {
        using var route = RouteSocket.Open(network);
        return route.FindLink(link)?.MacAddress;
    }

    /// <summary>Whether a connection from one namespace arrives at a server in another.</summary>
    private static bool Reaches(NetworkNamespace from, string address, int port, NetworkNamespace to, int? served = null)
    {
        using var server = to.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        server.Bind(new IPEndPoint(IPAddress.Any, served ?? port));
        server.Listen();
        using var client = from.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Blocking = false;
        try
        {
            client.Connect(IPAddress.Parse(address), port);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It is under way.
        }
        catch (SocketException)
        {
            return false;
        }

        return server.Poll(TimeSpan.FromSeconds(2), SelectMode.SelectRead);
    }
}
