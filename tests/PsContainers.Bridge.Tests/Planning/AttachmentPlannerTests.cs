using System.Net;
using PsContainers.Bridge.Definition;
using PsContainers.Bridge.Planning;
using PsContainers.Bridge.Tests.Harness;
using PsContainers.Drivers;

namespace PsContainers.Bridge.Tests.Planning;

/// <summary>What no attachment may ask for.</summary>
public sealed class AttachmentPlannerTests
{
    private static readonly NetworkDefinition _network =
        NetworkDefiner.Define(Wanted.Network("bridge") with { Subnets = [new() { Subnet = "10.1.0.0/24" }] }, [], new([], []));

    private static readonly AttachmentRequest _request = new()
    {
        ContainerId = Wanted.Id("c"),
        ContainerName = "c",
        Network = _network,
        Interface = "eth0",
        Addresses = ["10.1.0.2/24"],
    };

    [Fact]
    public void Plan_keeps_the_request_and_names_the_link()
    {
        var plan = AttachmentPlanner.Plan(_request);

        Assert.Equal(_request, plan.Request);
        Assert.Equal(Attachment.HostLinkOf(_request), plan.State);
    }

    [Theory]
    [InlineData("10.1.0.1/24", "is the gateway's")]
    [InlineData("10.1.0.0/24", "no host's address")]
    [InlineData("10.1.0.255/24", "no host's address")]
    [InlineData("10.2.0.2/24", "does not lie in the subnet 10.1.0.0/24")]
    [InlineData("10.1.0.2/16", "does not lie in the subnet 10.1.0.0/24")]
    public void Wrong_address_is_refused(string address, string reason)
    {
        AssertRefused(_request with { Addresses = [address] }, "addresses[0]", reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1.0.2/24 10.1.0.3/24")]
    [InlineData("fd00::2/64")]
    [InlineData("10.1.0.2")]
    public void Addresses_are_one_for_each_subnet(string addresses)
    {
        AssertRefused(_request with { Addresses = addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries) }, "addresses", "subnet");
    }

    [Theory]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("00:00:00:00:00:00")]
    [InlineData("02:42:0a:5a:00")]
    [InlineData("02-42-0a-5a-00-02")]
    [InlineData("g2:42:0a:5a:00:02")]
    public void Mac_address_of_more_or_less_than_one_link_is_refused(string mac)
    {
        AssertRefused(_request with { MacAddress = mac }, "macAddress", "no MAC address of a single link");
    }

    [Theory]
    [InlineData("0:80", "ports[0].hostPort", "1 to 65535")]
    [InlineData("65536:80", "ports[0].hostPort", "1 to 65535")]
    [InlineData("80:0", "ports[0].containerPort", "1 to 65535")]
    [InlineData("80:80/icmp", "ports[0].protocol", "tcp, udp or sctp")]
    [InlineData("some:80:80", "ports[0].hostAddress", "no address of the host")]
    [InlineData("10.1:80:80", "ports[0].hostAddress", "no address of the host")]
    [InlineData("[::]:80:80", "ports[0].hostAddress", "no IPv6 address on this network")]
    public void Wrong_port_is_refused(string port, string field, string reason)
    {
        AssertRefused(_request with { Ports = [Wanted.Port(port)] }, field, reason);
    }

    [Fact]
    public void Port_of_IPv6_loopback_is_unsupported_and_says_why()
    {
        var error = Assert.Throws<DriverException>(() => AttachmentPlanner.Plan(_request with { Ports = [Wanted.Port("[::1]:80:80")] }));

        Assert.Equal((DriverErrorKind.Unsupported, "ports[0].hostAddress"), (error.Kind, error.Field));
        Assert.Contains("loopback", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Internal_network_publishes_nothing()
    {
        var request = _request with { Network = _network with { IsInternal = true }, Ports = [Wanted.Port("80:80")] };

        AssertRefused(request, "ports", "is internal");
    }

    [Fact]
    public void Names_and_ids_that_are_none_are_refused()
    {
        AssertRefused(_request with { ContainerId = "../../etc/passwd" }, "containerId", "64 hexadecimal digits");
        AssertRefused(_request with { Interface = "eth0/1" }, "interface", "no name for a link");
        AssertRefused(_request with { Names = ["db", "x\n10.1.0.9 bank"] }, "names[1]", "no name of a host");
        AssertRefused(_request with { Network = _network with { Interface = null } }, "network.interface", "not defined by this driver");
        AssertRefused(_request with { Network = _network with { Interface = "a\" }" } }, "network.interface", "not defined by this driver");
    }

    [Theory]
    [InlineData("10.90.0.2", "02:42:0a:5a:00:02")]
    [InlineData("fd00::2", "02:42:ab:c6:0c:b7")]
    public void Mac_address_follows_from_the_address(string address, string mac)
    {
        Assert.Equal(mac, MacAddress.Of(IPAddress.Parse(address)));
    }

    private static void AssertRefused(AttachmentRequest request, string field, string reason)
    {
        var error = Assert.Throws<DriverException>(() => AttachmentPlanner.Plan(request));

        Assert.Equal((DriverErrorKind.InvalidRequest, field), (error.Kind, error.Field));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
