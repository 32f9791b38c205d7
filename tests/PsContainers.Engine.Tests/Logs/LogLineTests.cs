using System.Text;
using PsContainers.Engine.Logs;

namespace PsContainers.Engine.Tests.Logs;

public sealed class LogLineTests
{
    private const string Head = "2026-11-24T14:09:00.123456789Z";

    public static readonly TheoryData<string> Broken =
    [
        "",
        "x",
        Head,
        Head + " stdout",
        Head + " stdout ",
        Head + " stdin_ F text",
        Head + " stdlog F text",
        Head + " STDOUT F text",
        Head + " stdout f text",
        Head + " stdout X text",
        Head + " stdout FF text",
        Head + " stdout F-text",
        Head + "-stdout F text",
        Head + " stdout-F text",
        "2026-11-24T14:09:00.123456789+ stdout F text",
        "2026-11-24 14:09:00.123456789Z stdout F text",
        "2026-11-24T14:09:00,123456789Z stdout F text",
        "2026-13-24T14:09:00.123456789Z stdout F text",
        "2026-11-24T25:09:00.123456789Z stdout F text",
        "2026-11-24T14:09:00.12345678 Z stdout F text",
        "2026-11-24T14:09:00.-23456789Z stdout F text",
        "                               stdout F text",
        new string('\0', 60),
        "23456789Z stdout F the end of a line whose beginning is lost",
    ];

    [Fact]
    public void A_line_has_time_stream_and_text()
    {
        Assert.True(LogLine.TryParse(LogText.Bytes($"{Head} stdout F the text  "), out var line));

        Assert.Equal(new DateTime(2026, 11, 24, 14, 9, 0, DateTimeKind.Utc).AddTicks(1_234_567), line.Time);
        Assert.Equal(DateTimeKind.Utc, line.Time.Kind);
        Assert.Equal(OutputStream.StandardOutput, line.Stream);
        Assert.False(line.IsPart);
        Assert.Equal("the text  ", Encoding.UTF8.GetString(line.Text));
    }

    [Fact]
    public void A_part_of_a_line_says_so()
    {
        Assert.True(LogLine.TryParse(LogText.Bytes($"{Head} stderr P the text"), out var line));

        Assert.Equal(OutputStream.StandardError, line.Stream);
        Assert.True(line.IsPart);
    }

    [Theory]
    [InlineData(Head + " stdout F ", "")]
    [InlineData(Head + " stdout F", "")]
    [InlineData(Head + " stdout F  ", " ")]
    [InlineData(Head + " stdout F \r", "\r")]
    public void A_text_may_be_empty_or_blank(string text, string expected)
    {
        Assert.True(LogLine.TryParse(LogText.Bytes(text), out var line));

        Assert.Equal(expected, Encoding.UTF8.GetString(line.Text));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_no_supervisor_writes_is_no_line(string text)
    {
        Assert.False(LogLine.TryParse(LogText.Bytes(text), out _));
    }

    [Fact]
    public void A_time_that_is_not_ASCII_is_no_line()
    {
        Assert.False(LogLine.TryParse([.. new byte[19].Select(_ => (byte)0xb9), .. LogText.Bytes(Head[19..] + " stdout F text")], out _));
    }
}
