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
        using (var socket = new Socket(
            AddressFamily.InterNetwork, isUdp ? SocketType.Dgram : SocketType.Stream, isUdp ? ProtocolType.Udp : ProtocolType.Tcp))
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            number = ((IPEndPoint)socket.LocalEndPoint!).Port;
            if (!isUdp)
            {
                socket.Listen();
            }

            Assert.Null(PublishedPorts.Probe(Mapping(null)));
            Assert.Null(PublishedPorts.Probe(Mapping("127.0.0.1")));
            Assert.Equal(number, PublishedPorts.Probe(Mapping("127.0.0.2")));
        }

        Assert.Equal(number, PublishedPorts.Probe(Mapping(null)));

        PortMapping Mapping(string? address) =>
            new() { HostAddress = address, HostPort = number, ContainerPort = 80, Protocol = protocol };
    }

    [Fact]
    public void Address_that_the_host_does_not_have_is_refused()
    {
        var port = new PortMapping { HostAddress = "192.0.2.1", HostPort = 8080, ContainerPort = 80 };

        var failure = Assert.Throws<ContainerEngineException>(() => PublishedPorts.Probe(port));

        Assert.Equal("InvalidPort", failure.ErrorId);
    }

    private static List<PortMapping> Ports(params string[] texts) => [.. texts.SelectMany(PortMapping.Parse)];
}
