using PsContainers.Drivers;
using PsContainers.Plugins.Answers;

namespace PsContainers.Plugins.Tests.Answers;

public sealed class AnswerCheckTests
{
    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.1", null, null)]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.128/25", null)]
    [InlineData("10.0.0.0/24", "10.0.0.1", "10.0.0.5-10.0.0.9", null)]
    [InlineData("fd00::/64", "fd00::1", "fd00::10-fd00::ff", null)]
    [InlineData("fd00:0:0:0::/64", "FD00::1", null, null)]
    [InlineData("10.0.0.1/24", null, null, "subnets[0].subnet: \"10.0.0.1/24\": not a subnet such as")]
    [InlineData("10.0.0.0", null, null, "subnets[0].subnet")]
    [InlineData("10.0.0.0/33", null, null, "subnets[0].subnet")]
    [InlineData("10.0/16", null, null, "subnets[0].subnet")]
    [InlineData("10.0.0.0/+8", null, null, "subnets[0].subnet")]
    [InlineData("10.0.0.0/24\n", null, null, "subnets[0].subnet")]
    [InlineData("", null, null, "subnets[0].subnet")]
    [InlineData("10.0.0.0/24", "10.0.1.1", null, "subnets[0].gateway: \"10.0.1.1\": not an address in 10.0.0.0/24")]
    [InlineData("10.0.0.0/24", "fd00::1", null, "subnets[0].gateway")]
    [InlineData("10.0.0.0/24", "10.0.0.1/24", null, "subnets[0].gateway")]
    [InlineData("fe80::/64", "fe80::1%eth0", null, "subnets[0].gateway")]
    [InlineData("10.0.0.0/24", null, "10.0.0.0/16", "subnets[0].range")]
    [InlineData("10.0.0.0/24", null, "10.0.0.9-10.0.0.5", "subnets[0].range")]
    [InlineData("10.0.0.0/24", null, "10.0.0.9-10.0.1.5", "subnets[0].range")]
    [InlineData("10.0.0.0/24", null, "10.0.0.9-fd00::1", "subnets[0].range")]
    [InlineData("10.0.0.0/24", null, "-", "subnets[0].range")]
    public void Subnets_hold_their_gateway_and_range(string subnet, string? gateway, string? range, string? mismatch)
    {
        var answer = Sample.Network() with { Subnets = [new() { Subnet = subnet, Gateway = gateway, Range = range }] };

        AssertMismatch(mismatch, AnswerCheck.Define(Sample.Network(), answer)?.ToString());
    }

    [Fact]
    public void What_the_user_decided_is_kept()
    {
        var wanted = Sample.Network();

        Assert.Equal("id", AnswerCheck.Define(wanted, wanted with { Id = new string('b', 64) })?.Field);
        Assert.Equal("name", AnswerCheck.Define(wanted, wanted with { Name = "red" })?.Field);
        Assert.Equal("driver", AnswerCheck.Define(wanted, wanted with { Driver = "other" })?.Field);
        Assert.Equal("mtu", AnswerCheck.Define(wanted, wanted with { Mtu = 67 })?.Field);
        Assert.Equal("vlan", AnswerCheck.Define(wanted, wanted with { Vlan = 4095 })?.Field);
        Assert.Equal("subnets[0]", AnswerCheck.Define(wanted, wanted with { Subnets = [null!] })?.Field);
        Assert.Equal("options.a", AnswerCheck.Define(
            wanted, wanted with { Options = new Dictionary<string, string> { ["a"] = null! } })?.Field);
    }

    [Theory]
    [InlineData("br0", null)]
    [InlineData("a-link.of_15_by", null)]
    [InlineData("a-link.of_16_byt", "interface: \"a-link.of_16_byt\": longer than 15 bytes")]
    [InlineData("äöüäöüäö", "interface: \"äöüäöüäö\": longer than 15 bytes")]
    [InlineData("../../etc", "interface: \"../../etc\": a link's name has no '/'")]
    [InlineData("a b", "interface")]
    [InlineData("a\nb", "interface: \"a b\"")]
    [InlineData("a\u001bb", "interface: \"a b\"")]
    [InlineData("..", "interface")]
    [InlineData("", "interface")]
    public void A_link_has_a_name_that_the_kernel_takes(string name, string? mismatch)
    {
        AssertMismatch(mismatch, AnswerCheck.Define(Sample.Network(), Sample.Network() with { Interface = name })?.ToString());
        AssertMismatch(mismatch, AnswerCheck.Attach(Sample.Request(), Result() with { Interface = name })?.ToString());
        AssertMismatch(
            mismatch?.Replace("interface", "hostInterface", StringComparison.Ordinal),
            AnswerCheck.Attach(Sample.Request(), Result() with { HostInterface = name })?.ToString());
    }

    [Theory]
    [InlineData("10.90.0.2/24", null)]
    [InlineData("10.90.0.3/24", "addresses[0]: \"10.90.0.3/24\": not an address of the request, which has 10.90.0.2/24")]
    [InlineData("10.90.0.2/16", "addresses[0]")]
    [InlineData("10.90.0.2", "addresses[0]: \"10.90.0.2\": not an address with a prefix")]
    [InlineData("", "addresses[0]")]
    [InlineData(null, "addresses: 10.90.0.2/24 of the request is not among them")]
    public void Addresses_are_those_of_the_request(string? address, string? mismatch)
    {
        var answer = Result() with { Addresses = address is null ? [] : [address] };

        AssertMismatch(mismatch, AnswerCheck.Attach(Sample.Request(), answer)?.ToString());
    }

    [Fact]
    public void A_driver_has_addresses_of_its_own_where_the_request_has_none()
    {
        var request = Sample.Request() with { Addresses = [] };

        Assert.Null(AnswerCheck.Attach(request, Result() with { Addresses = ["172.16.0.9/16", "fe80::1/64"] }));
    }

    [Theory]
    [InlineData("gateways[0]", "10.90.0.1/24")]
    [InlineData("nameServers[0]", "ns.example.org")]
    [InlineData("nameServers[0]", "1.1.1.1\nnameserver 6.6.6.6")]
    [InlineData("nameServers[0]", "1.1")]
    [InlineData("nameServers[0]", null)]
    [InlineData("searchDomains[0]", "a b")]
    [InlineData("searchDomains[0]", "a\noptions debug")]
    [InlineData("searchDomains[0]", "a..b")]
    [InlineData("searchDomains[0]", "")]
    [InlineData("macAddress", "02:42:0a:5a:00")]
    [InlineData("macAddress", "02:42:0a:5a:00:0g")]
    public void What_would_end_up_in_a_file_of_the_container_is_what_it_says(string field, string? text)
    {
        var answer = field switch
        {
            "gateways[0]" => Result() with { Gateways = [text!] },
            "nameServers[0]" => Result() with { NameServers = [text!] },
            "searchDomains[0]" => Result() with { SearchDomains = [text!] },
            _ => Result() with { MacAddress = text },
        };

        Assert.Equal(field, AnswerCheck.Attach(Sample.Request(), answer)?.Field);
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("a")]
    [InlineData("_tcp.blue-1.internal.")]
    public void A_domain_is_taken(string domain)
    {
        Assert.Null(AnswerCheck.Attach(Sample.Request(), Result() with { SearchDomains = [domain], NameServers = ["fd00::53"] }));
    }

    [Fact]
    public void A_plan_is_of_the_request_that_was_made()
    {
        var request = Sample.Request();
        var equal = request with { Addresses = [.. request.Addresses] };

        Assert.Null(AnswerCheck.Plan(request, new AttachmentPlan { Request = equal, State = new string('x', 65536) }));
        Assert.Equal("request", AnswerCheck.Plan(request, new AttachmentPlan { Request = request with { Interface = "eth1" } })?.Field);
        Assert.Equal("request", AnswerCheck.Plan(request, new AttachmentPlan { Request = null! })?.Field);
        Assert.Equal("state", AnswerCheck.Plan(request, new AttachmentPlan { Request = request, State = new string('x', 65537) })?.Field);
        Assert.Equal("state", AnswerCheck.Attach(request, Result() with { State = new string('ü', 32769) })?.Field);
    }

    [Fact]
    public void Lines_are_bounded()
    {
        Assert.Null(AnswerCheck.Lines(["a", ""]));
        Assert.Equal("[1]", AnswerCheck.Lines(["a", null!])?.Field);
        Assert.Contains("10001 lines", AnswerCheck.Lines([.. Enumerable.Repeat("a", 10001)])?.Reason, StringComparison.Ordinal);
    }

    private static AttachmentResult Result() => new() { Interface = "eth0", Addresses = ["10.90.0.2/24"] };

    private static void AssertMismatch(string? expected, string? actual)
    {
        if (expected is null)
        {
            Assert.Null(actual);
        }
        else
        {
            Assert.StartsWith(expected, actual, StringComparison.Ordinal);
        }
    }
}
