using System.Net;
using System.Text;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Settings;

namespace PsContainers.Resolver.Tests.Settings;

public sealed class SubnetTests
{
    [Theory]
    [InlineData("10.1.0.0/16", "10.1.255.255", true)]
    [InlineData("10.1.0.0/16", "10.2.0.0", false)]
    [InlineData("10.1.0.7/16", "10.1.0.1", true)]
    [InlineData("10.1.0.7", "10.1.0.7", true)]
    [InlineData("10.1.0.7", "10.1.0.8", false)]
    [InlineData("0.0.0.0/0", "203.0.113.9", true)]
    [InlineData("0.0.0.0/0", "fd00::1", false)]
    [InlineData("::/0", "fd00::1", true)]
    [InlineData("fd00:1::/64", "fd00:1::ffff", true)]
    [InlineData("fd00:1::/64", "fd00:1:0:1::", false)]
    public void A_subnet_has_the_addresses_that_begin_alike(string subnet, string address, bool isInside)
    {
        Assert.True(Subnet.TryParse(Encoding.ASCII.GetBytes(subnet), out var parsed));

        Assert.Equal(isInside, parsed.Contains(new InternetEndpoint(IPAddress.Parse(address), 0).Address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.1.0.0/33")]
    [InlineData("10.1.0.0/-1")]
    [InlineData("10.1.0.0/")]
    [InlineData("fd00::/129")]
    [InlineData("web/8")]
    public void What_is_no_subnet_is_not_read(string text)
    {
        Assert.False(Subnet.TryParse(Encoding.ASCII.GetBytes(text), out _));
    }

    [Theory]
    [InlineData("10.1.0.1\n", "10.1.0.1 port 53")]
    [InlineData("10.1.0.1 5353\n", "10.1.0.1 port 5353")]
    [InlineData("fd00::1", "fd00::1 port 53")]
    [InlineData("10.1.0.1 x\n", null)]
    [InlineData("10.1.0.1 65536\n", null)]
    [InlineData("gateway\n", null)]
    public void An_endpoint_has_port_53_unless_it_names_one(string text, string? expected)
    {
        var endpoints = EndpointList.Parse(Encoding.ASCII.GetBytes(text));

        Assert.Equal(expected, endpoints.Select(endpoint => endpoint.ToString()).SingleOrDefault());
    }
}
