using System.Text;

namespace PsContainers.Linux.Tests.Bare;

public sealed unsafe class TextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(long.MaxValue, "9223372036854775807")]
    [InlineData(long.MinValue, "-9223372036854775808")]
    public void Number_is_written_in_decimal(long value, string expected)
    {
        var buffer = stackalloc byte[64];
        var text = new Linux.Bare.Text(buffer, 64);

        text.Add(value);

        Assert.Equal(expected, Encoding.UTF8.GetString(buffer, text.Length));
        Assert.Equal(0, buffer[text.Length]);
    }

    [Fact]
    public void What_does_not_fit_is_cut_and_noted()
    {
        var buffer = stackalloc byte[8];
        var text = new Linux.Bare.Text(buffer, 8);

        text.Add("abc"u8);
        Assert.False(text.IsCut);
        text.Add("defghij"u8);

        Assert.True(text.IsCut);
        Assert.Equal("abcdefg", Encoding.UTF8.GetString(buffer, text.Length));
        Assert.Equal(0, buffer[7]);
    }

    [Fact]
    public void Padded_number_keeps_its_width()
    {
        var buffer = stackalloc byte[16];
        var text = new Linux.Bare.Text(buffer, 16);

        text.AddPadded(7, 4);

        Assert.Equal("0007", Encoding.UTF8.GetString(buffer, text.Length));
    }
}
