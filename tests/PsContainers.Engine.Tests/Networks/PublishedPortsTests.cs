using System.Net;
using System.Net.Sockets;
using PsContainers.Engine.Networks;

namespace PsContainers.Engine.Tests.Networks;

public sealed class PublishedPortsTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "127.0.0.1", true)]
    [InlineData("::1", "", true)]
    [InlineData("0.0.0.0", "127.0.0.1", true)]
    [InlineData("::", "fd00::1", true)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("0.0.0.0", "::", false)]
    [InlineData("0.0.0.0", "::1", false)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("127.0.0.1", "::1", false)]
    public void Addresses_overlap_when_a_packet_could_be_for_both(string one, string other, bool expected)
    {
        Assert.Equal(expected, PublishedPorts.Overlap(one, other));
        Assert.Equal(expected, PublishedPorts.Overlap(other, one));
    }

    [Theory]
    [InlineData("80", "80", "80:80")]
    [InlineData("80:80", "80:80/udp")]
    [InlineData("127.0.0.1:80:80", "127.0.0.2:80:80", "[::1]:80:80")]
    [InlineData("0.0.0.0:80:80", "[::]:80:80")]
    public void Ports_that_do_not_meet_can_be_published_together(params string[] ports)
    {
        Assert.Equal(ports, PublishedPorts.Check(Ports(ports)).Select(port => port.ToString()));
    }

    [Theory]
    [InlineData("80:80", "80:81")]
    [InlineData("80:80", "127.0.0.1:80:80")]
    [InlineData("[::1]:80:80", "[::]:80:81")]
    public void Port_of_the_host_leads_to_one_place(string first, string second)
    {
        var failure = Assert.Throws<ContainerEngineException>(() => PublishedPorts.Check(Ports(first, second)));

        Assert.Equal("InvalidPort", failure.ErrorId);
        Assert.Equal($"port '{second}' cannot be published: '{first}' has that port of the host", failure.Message);
    }

    [Fact]
    public void Notations_of_one_address_are_one_address()
    {
        PortMapping[] ports =
        [
            new() { HostAddress = "::1", HostPort = 80, ContainerPort = 80 },
            new() { HostAddress = "0:0:0:0:0:0:0:1", HostPort = 80, ContainerPort = 81 },
        ];

        Assert.Equal("InvalidPort", Assert.Throws<ContainerEngineException>(() => PublishedPorts.Check(ports)).ErrorId);
    }

    [Fact]
    public void Numbers_words_and_addresses_that_are_none_are_refused()
    {
        PortMapping[] wrong =
        [
            new() { ContainerPort = 0 },
            new() { ContainerPort = 65536 },
            new() { ContainerPort = 80, HostPort = -1 },
            new() { ContainerPort = 80, HostPort = 65536 },
            new() { ContainerPort = 80, Protocol = "TCP" },
            new() { ContainerPort = 80, HostAddress = "localhost" },
            new() { ContainerPort = 80, HostAddress = "" },
        ];

        Assert.All(
            wrong,
            port => Assert.Equal("InvalidPort", Assert.Throws<ContainerEngineException>(() => PublishedPorts.Check([port])).ErrorId));
    }

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    public void Port_that_somebody_has_is_taken_and_then_free_again(string protocol)
    {
        var isUdp = protocol == "udp";
        int number;
        using (var socket = New(protocol))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            number = ((IPEndPoint)socket.LocalEndPoint!).Port;
            if (!isUdp)
            {
                socket.Listen();
            }

            Assert.Null(Probe(Mapping(null)));
            Assert.Null(Probe(Mapping("127.0.0.1")));
            Assert.Equal(number, Probe(Mapping("127.0.0.2")));
        }

        Assert.Equal(number, Probe(Mapping(null)));

        PortMapping Mapping(string? address) =>
            new() { HostAddress = address, HostPort = number, ContainerPort = 80, Protocol = protocol };
    }

    // What holds a port for others, as a service manager does, need not listen, and may share it in the way of servers.
    [Theory]
    [InlineData("tcp", true)]
    [InlineData("tcp", false)]
    [InlineData("udp", false)]
    public void Port_that_somebody_bound_without_listening_is_taken(string protocol, bool isShared)
    {
        using var socket = isShared || protocol == "udp"
            ? New(protocol)
            : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var number = ((IPEndPoint)socket.LocalEndPoint!).Port;

        Assert.Null(Probe(new() { HostPort = number, ContainerPort = 80, Protocol = protocol }));
    }

    // The side that closes first remembers the connection for a minute.
    [Fact]
    public void Port_of_a_server_that_has_ended_is_free_at_once()
    {
        int number;
        using (var server = New("tcp"))
        using (var client = New("tcp"))
        {
            server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            server.Listen();
            number = ((IPEndPoint)server.LocalEndPoint!).Port;
            client.Connect(server.LocalEndPoint!);
            server.Accept().Close();
            Assert.Equal(0, client.Receive(new byte[1]));
        }

        Assert.NotEmpty(HostSockets.At("tcp", number));
        Assert.Equal(number, Probe(new() { HostPort = number, ContainerPort = 80 }));
    }

    [Theory]
    [InlineData("tcp", null, true)]
    [InlineData("udp", null, true)]
    [InlineData("udp", "0.0.0.0", true)]
    [InlineData("udp", "127.0.0.9", false)]
    public void Port_that_our_resolvers_have_is_free_for_all_addresses_but_theirs(string protocol, string? address, bool isFree)
    {
        using var resolver = New(protocol);
        resolver.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        if (protocol == "tcp")
        {
            resolver.Listen();
        }

        var number = ((IPEndPoint)resolver.LocalEndPoint!).Port;
        var port = new PortMapping { HostAddress = address, HostPort = number, ContainerPort = 53, Protocol = protocol };

        Assert.Equal(isFree ? number : null, PublishedPorts.Probe(port, () => [IPAddress.Parse("127.0.0.9")]));
        Assert.Null(PublishedPorts.Probe(port, () => [IPAddress.Parse("127.0.0.8")]));
    }

    [Fact]
    public void Sockets_of_the_host_are_read_with_their_addresses()
    {
        string[] lines =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0",
            "   1: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 0 0 0 1",
            "   2: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 0 0 0 1",
        ];

        Assert.Equal(["127.0.0.1:53", "127.0.0.1:8080", "[2001:db8::1]:80"], HostSockets.Parse(lines).Select(socket => $"{socket}"));
    }

    [Fact]
    public void Address_that_the_host_does_not_have_is_refused()
    {
        var port = new PortMapping { HostAddress = "192.0.2.1", HostPort = 8080, ContainerPort = 80 };

        var failure = Assert.Throws<ContainerEngineException>(() => Probe(port));

        Assert.Equal("InvalidPort", failure.ErrorId);
    }

    private static int? Probe(PortMapping port) => PublishedPorts.Probe(port, () => []);

    private static Socket New(string protocol) => protocol == "udp"
        ? new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        : new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private static List<PortMapping> Ports(params string[] texts) => [.. texts.SelectMany(PortMapping.Parse)];
}
