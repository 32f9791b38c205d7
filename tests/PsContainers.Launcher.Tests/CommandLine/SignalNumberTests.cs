using PsContainers.Launcher.CommandLine;

namespace PsContainers.Launcher.Tests.CommandLine;

public sealed class SignalNumberTests
{
    [Theory]
    [InlineData("TERM", 15)]
    [InlineData("SIGTERM", 15)]
    [InlineData("sigkill", 9)]
    [InlineData("9", 9)]
    [InlineData("0", 0)]
    [InlineData("CLD", 17)]
    [InlineData("IOT", 6)]
    [InlineData("POLL", 29)]
    [InlineData("SYS", 31)]
    [InlineData("RTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMAX", 64)]
    [InlineData("RTMAX-1", 63)]
    [InlineData("64", 64)]
    public void Signal_is_known_by_name_and_number(string text, int number) => Assert.Equal(number, SignalNumber.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("NONSENSE")]
    [InlineData("65")]
    [InlineData("-9")]
    [InlineData("RTMIN-1")]
    [InlineData("RTMIN+31")]
    [InlineData("RTMAX+1")]
    [InlineData("RTMIN+x")]
    public void Anything_else_is_refused(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<CommandLineException>(() => SignalNumber.Parse(text)).Message, StringComparison.Ordinal);
}
