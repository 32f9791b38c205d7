using PsContainers.Engine.Containers;

namespace PsContainers.Engine.Tests.Containers;

public sealed class StopSignalTests
{
    [Theory]
    [InlineData("SIGTERM", 15)]
    [InlineData("TERM", 15)]
    [InlineData("sigquit", 3)]
    [InlineData("Int", 2)]
    [InlineData("15", 15)]
    [InlineData("1", 1)]
    [InlineData("64", 64)]
    [InlineData("SIGKILL", 9)]
    [InlineData("SIGUSR1", 10)]
    [InlineData("SIGUSR2", 12)]
    [InlineData("SIGCHLD", 17)]
    [InlineData("SIGWINCH", 28)]
    [InlineData("SIGPWR", 30)]
    [InlineData("SIGSYS", 31)]
    [InlineData("SIGRTMIN", 34)]
    [InlineData("SIGRTMIN+3", 37)]
    [InlineData("RTMIN+30", 64)]
    [InlineData("SIGRTMAX", 64)]
    [InlineData("SIGRTMAX-30", 34)]
    public void A_signal_has_its_number(string text, int number)
    {
        Assert.Equal(number, StopSignal.Parse(text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("SIG")]
    [InlineData("SIGNONSENSE")]
    [InlineData("SIGSIGTERM")]
    [InlineData("0")]
    [InlineData("65")]
    [InlineData("-1")]
    [InlineData(" 9")]
    [InlineData("99999999999")]
    [InlineData("SIGRTMIN+31")]
    [InlineData("SIGRTMIN-1")]
    [InlineData("SIGRTMAX+1")]
    [InlineData("SIGRTMAX-31")]
    [InlineData("SIGRTMIN+")]
    public void What_is_no_signal_stops_like_SIGTERM(string? text)
    {
        Assert.Equal(StopSignal.Terminate, StopSignal.Parse(text));
    }
}
