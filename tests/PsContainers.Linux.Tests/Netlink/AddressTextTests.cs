using System.Net;
using PsContainers.Linux.Netlink;

namespace PsContainers.Linux.Tests.Netlink;

public sealed class AddressTextTests
{
    [Theory]
    [InlineData("10.90.0.2/24")]
    [InlineData("fd00:90::2/64")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::1/128")]
    public void Address_with_prefix_is_read_and_written(string text) => Assert.Equal(text, InterfaceAddress.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("10.90.0.2")]
    [InlineData("10.90.0.2/")]
    [InlineData("10.90.0.2/33")]
    [InlineData("10.90.0.2/-1")]
    [InlineData("10.90.0.2/+4")]
    [InlineData("fd00::/129")]
    [InlineData("/24")]
    [InlineData("host/24")]
    public void Other_text_is_no_address(string text)
    {
        Assert.False(InterfaceAddress.TryParse(text, out _));
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => InterfaceAddress.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prefix_beyond_the_address_is_refused() =>
        Assert.Throws<ArgumentException>(() => new InterfaceAddress(IPAddress.Parse("10.0.0.1"), 33));

    [Fact]
    public void Hardware_address_is_read_and_written()
    {
        Span<byte> bytes = stackalloc byte[6];

        EthernetAddress.Parse("02:42:0A:5a:00:ff", bytes);

        Assert.Equal([0x02, 0x42, 0x0a, 0x5a, 0x00, 0xff], bytes.ToArray());
        Assert.Equal("02:42:0a:5a:00:ff", EthernetAddress.Format(bytes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02:42:0a:5a:00")]
    [InlineData("02-42-0a-5a-00-02")]
    [InlineData("02:42:0a:5a:00:0g")]
    [InlineData("02:42:0a:5a:00:02:03")]
    [InlineData("+2:42:0a:5a:00:02")]
    public void Other_text_is_no_hardware_address(string text)
    {
        var error = Assert.Throws<LinuxException>(() => EthernetAddress.Parse(text, stackalloc byte[6]));

        Assert.Equal(Errno.EINVAL, error.Errno);
    }
}
