using CsCheck;

namespace PsContainers.Engine.Tests.Networks;

public sealed class PortMappingTests
{
    [Theory]
    [InlineData("80", null, 0, 80, "tcp")]
    [InlineData("8080:80", null, 8080, 80, "tcp")]
    [InlineData("53:53/udp", null, 53, 53, "udp")]
    [InlineData("9/SCTP", null, 0, 9, "sctp")]
    [InlineData("127.0.0.1:8080:80", "127.0.0.1", 8080, 80, "tcp")]
    [InlineData("127.0.0.1::80", "127.0.0.1", 0, 80, "tcp")]
    [InlineData("[::]:8080:80", "::", 8080, 80, "tcp")]
    [InlineData("[::1]:8080:80/udp", "::1", 8080, 80, "udp")]
    [InlineData("[::1]::80", "::1", 0, 80, "tcp")]
    [InlineData("[FD00:0::1]:8080:80", "fd00::1", 8080, 80, "tcp")]
    public void Notation_of_docker_is_read(string text, string? address, int hostPort, int containerPort, string protocol)
    {
        var mapping = Assert.Single(PortMapping.Parse(text));

        Assert.Equal(
            new PortMapping { HostAddress = address, HostPort = hostPort, ContainerPort = containerPort, Protocol = protocol }, mapping);
    }

    [Theory]
    [InlineData("8000-8002:80-82", "8000:80", "8001:81", "8002:82")]
    [InlineData("80-81/udp", "80/udp", "81/udp")]
    [InlineData("127.0.0.1:9000-9001:9000-9001", "127.0.0.1:9000:9000", "127.0.0.1:9001:9001")]
    public void Range_is_as_many_mappings(string text, params string[] expected)
    {
        Assert.Equal(expected, PortMapping.Parse(text).Select(mapping => mapping.ToString()));
    }

    [Theory]
    [InlineData("", "'' is not a number from 1 to 65535")]
    [InlineData("http", "'http' is not a number")]
    [InlineData("0", "'0' is not a number")]
    [InlineData("65536:80", "'65536' is not a number")]
    [InlineData("-1", "'' is not a number")]
    [InlineData("80:", "'' is not a number")]
    [InlineData("80/icmp", "the protocol 'icmp' is none of tcp, udp, sctp")]
    [InlineData("80/", "the protocol '' is none of")]
    [InlineData("8000-8002:80-81", "3 ports of the host and 2 of the container")]
    [InlineData("8000:80-81", "1 ports of the host and 2 of the container")]
    [InlineData("81-80", "the range '81-80' runs backwards")]
    [InlineData("1-65535", "longer than 4096 ports")]
    [InlineData("web:8080:80", "'web' is not an IP address")]
    [InlineData("127.1:8080:80", "'127.1' is not an IP address")]
    [InlineData("::1:8080:80", "is not an IP address")]
    [InlineData("[::1:8080:80", "an IPv6 address stands in brackets")]
    [InlineData("127.0.0.1:1:2:3", "is not an IP address")]
    [InlineData("+80", "'+80' is not a number")]
    [InlineData(" 80", "' 80' is not a number")]
    public void Nonsense_is_refused_with_its_cause(string text, string cause)
    {
        var failure = Assert.Throws<FormatException>(() => PortMapping.Parse(text));

        Assert.StartsWith($"port '{text}': ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(cause, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_mapping_shows_is_read_as_the_same_mapping()
    {
        var mappings =
            from address in Gen.OneOf<string?>(null, "127.0.0.1", "0.0.0.0", "10.90.0.1", "::", "::1", "fd00:90::1", "fe80::1")
            from hostPort in Gen.Frequency((1, Gen.Const(0)), (4, Gen.Int[1, 65535]))
            from containerPort in Gen.Int[1, 65535]
            from protocol in Gen.OneOf("tcp", "udp", "sctp")
            select new PortMapping { HostAddress = address, HostPort = hostPort, ContainerPort = containerPort, Protocol = protocol };

        mappings.Sample(mapping => PortMapping.Parse($"{mapping}") is [var read] && read == mapping);
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused()
    {
        Gen.Char["0123456789:.-/[]tcpu "].Array[0, 24].Select(letters => new string(letters)).Sample(text =>
        {
            try
            {
                return PortMapping.Parse(text).All(mapping => mapping is { ContainerPort: > 0 and <= 65535, HostPort: >= 0 and <= 65535 });
            }
            catch (FormatException)
            {
                return true;
            }
        });
    }
}
