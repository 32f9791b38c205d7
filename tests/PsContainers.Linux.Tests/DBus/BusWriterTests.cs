using PsContainers.Linux.DBus;

namespace PsContainers.Linux.Tests.DBus;

public sealed class BusWriterTests
{
    [Fact]
    public void Value_stands_at_a_multiple_of_its_size()
    {
        var writer = new BusWriter().Byte(1).UInt32(2).Byte(3).UInt64(4);

        AssertBytes("01000000 02000000 0300000000000000 0400000000000000", writer);
    }

    [Fact]
    public void Text_has_its_length_before_and_a_zero_behind()
    {
        var writer = new BusWriter().Text("ü").Signature("s");

        AssertBytes("02000000 c3bc00 017300", writer);
    }

    [Fact]
    public void Length_of_an_array_leaves_out_the_padding_before_its_first_element()
    {
        var writer = new BusWriter().Array(BusWriter.WideAlignment, elements => elements.UInt64(7));

        AssertBytes("0800000000000000 0700000000000000", writer);
    }

    [Fact]
    public void Empty_array_is_padded_as_well()
    {
        var writer = new BusWriter().Array(BusWriter.WideAlignment, _ => { });

        AssertBytes("0000000000000000", writer);
    }

    [Fact]
    public void Reader_gives_back_what_was_written()
    {
        var reader = new BusReader(new BusWriter().Text("a").UInt32(5).Signature("o").Text("/b").Content);

        Assert.Equal("a", reader.Text());
        Assert.Equal(5u, reader.UInt32());
        Assert.Equal("/b", reader.VariantText());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff000000 61")]
    [InlineData("ffffffff 61")]
    [InlineData("01000000 61")]
    public void Text_that_is_longer_than_the_message_is_refused(string bytes) => Assert.Throws<BusException>(
        () => new BusReader(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal))).Text());

    // A space after every value, for whoever reads it.
    private static void AssertBytes(string expected, BusWriter writer) =>
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(writer.Content));
}
