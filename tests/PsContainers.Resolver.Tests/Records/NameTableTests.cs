using System.Net;
using System.Text;
using CsCheck;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;
using PsContainers.Resolver.Records;

namespace PsContainers.Resolver.Tests.Records;

public sealed class NameTableTests
{
    [Fact]
    public void Lines_give_names_to_addresses()
    {
        var table = NameTable.Parse("10.1.0.2 web Api\n\n# 10.1.0.9 gone\nfd00::2\tweb # the same\r\n"u8);

        Assert.True(Has(table, "web"));
        Assert.True(Has(table, "api"));
        Assert.False(Has(table, "gone"));
        Assert.True(table.Knows(Address("10.1.0.2")));
        Assert.True(table.Knows(Address("fd00::2")));
        Assert.False(table.Knows(Address("10.1.0.9")));
    }

    [Fact]
    public void An_address_has_the_first_name_of_each_of_its_lines()
    {
        var table = NameTable.Parse("10.1.0.2 web alias\n10.1.0.2 other\n"u8);

        var names = table.NamesOf(Address("10.1.0.2"))!.Select(name => Encoding.ASCII.GetString(name));

        Assert.Equal(["\u0003web\0", "\u0005other\0"], names);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n\t\n")]
    [InlineData("10.1.0.2\n")]
    [InlineData("web 10.1.0.2\n")]
    [InlineData("10.1.0.2 a..b\n")]
    [InlineData("# nothing")]
    public void Without_a_record_it_is_empty(string text)
    {
        Assert.True(NameTable.Parse(Encoding.ASCII.GetBytes(text)).IsEmpty);
    }

    [Fact]
    public void A_bad_line_takes_no_other_away()
    {
        var table = NameTable.Parse("nonsense here\n10.1.0.2 a..b web\n999.1.1.1 x\n10.1.0.3 db"u8);

        Assert.True(Has(table, "web"));
        Assert.True(Has(table, "db"));
        Assert.False(Has(table, "x"));
    }

    [Fact]
    public void Any_text_is_read_without_an_exception() =>
        Gen.Char["0123456789abcf.: \t\n#"].Array[0, 200].Sample(text => _ = NameTable.Parse(Encoding.ASCII.GetBytes(text)));

    private static bool Has(NameTable table, string text)
    {
        var name = new byte[DomainName.MaximumLength];
        Assert.True(DomainName.TryEncode(Encoding.ASCII.GetBytes(text), name, out var length));
        return table.TryFind(name.AsSpan(0, length), out _);
    }

    private static UInt128 Address(string text) => new InternetEndpoint(IPAddress.Parse(text), 0).Address;
}
