using System.Net;
using System.Text;
using CsCheck;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Tests.Messages;

public sealed class ReverseNameTests
{
    [Fact]
    public void Every_address_of_version_4_has_a_name() => Gen.Byte.Array[4].Sample(bytes =>
    {
        var name = string.Join('.', bytes.Reverse()) + ".IN-addr.arpa";

        Assert.Equal(new InternetEndpoint(new IPAddress(bytes), 0).Address, Read(name));
    });

    [Fact]
    public void Every_address_of_version_6_has_a_name() => Gen.Byte.Array[16].Sample(bytes =>
    {
        var name = string.Join('.', Convert.ToHexString(bytes).Reverse()) + ".ip6.arpa";

        Assert.Equal(new InternetEndpoint(new IPAddress(bytes), 0).Address, Read(name));
    });

    [Theory]
    [InlineData("0.0.10.in-addr.arpa")]
    [InlineData("1.2.0.0.10.in-addr.arpa")]
    [InlineData("256.0.0.10.in-addr.arpa")]
    [InlineData("01.0.0.10.in-addr.arpa")]
    [InlineData("x.0.0.10.in-addr.arpa")]
    [InlineData("in-addr.arpa")]
    [InlineData("1.0.0.10.in-addr.example")]
    [InlineData("0.ip6.arpa")]
    [InlineData("ip6.arpa")]
    [InlineData("web")]
    public void Other_names_stand_for_no_address(string name)
    {
        Assert.Null(Read(name));
    }

    private static UInt128? Read(string text)
    {
        var name = new byte[DomainName.MaximumLength];
        Assert.True(DomainName.TryEncode(Encoding.ASCII.GetBytes(text), name, out var length));
        return ReverseName.TryRead(name.AsSpan(0, length), out var address) ? address : null;
    }
}
