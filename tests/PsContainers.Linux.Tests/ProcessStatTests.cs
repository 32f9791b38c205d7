namespace PsContainers.Linux.Tests;

public sealed class ProcessStatTests
{
    private const string Rest = " S 1 10 10 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 1000 200";

    [Fact]
    public void Parent_state_and_start_time_are_read() =>
        Assert.Equal(new ProcessStat(10, "sleep", 'S', 1, 123456), ProcessStat.Parse($"10 (sleep){Rest}"));

    [Theory]
    [InlineData("a b")]
    [InlineData(":-) S 9 (")]
    [InlineData("")]
    public void A_command_cannot_shift_the_columns(string command)
    {
        var stat = ProcessStat.Parse($"10 ({command}){Rest}");

        Assert.Equal((command, 1, 123456UL), (stat.Command, stat.ParentPid, stat.StartTime));
    }

    [Fact]
    public void This_process_has_started() => Assert.True(ProcessStat.Of(Environment.ProcessId)?.StartTime > 0);

    // The largest pid that Linux can be set to give is one less (PID_MAX_LIMIT).
    [Fact]
    public void A_process_that_does_not_exist_has_none() => Assert.Null(ProcessStat.Of(4194304));

    [Fact]
    public void A_cut_line_is_refused() => Assert.Throws<InvalidDataException>(() => ProcessStat.Parse("10 (sleep) S 1"));
}
