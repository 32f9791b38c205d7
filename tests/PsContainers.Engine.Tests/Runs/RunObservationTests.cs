using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Tests.Runs;

public sealed class RunObservationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_run_directory_there_is_no_run()
    {
        Assert.Equal(new RunObservation(Vitality.Absent), RunObservation.Of(Path.Combine(_folder, "none")));
    }

    [Fact]
    public void An_empty_run_directory_is_a_lost_run()
    {
        Assert.Equal(new RunObservation(Vitality.Lost), RunObservation.Of(_folder));
    }

    [Fact]
    public void A_supervisor_that_answers_but_has_no_state_is_starting()
    {
        using var socket = new RunFiles(_folder).Listen();

        Assert.Equal(new RunObservation(Vitality.Starting), RunObservation.Of(_folder));
    }

    [Fact]
    public void A_socket_that_nobody_listens_on_is_a_lost_run()
    {
        using var socket = new RunFiles(_folder).Bind();

        Assert.Equal(new RunObservation(Vitality.Lost), RunObservation.Of(_folder));
    }

    [Fact]
    public void A_state_whose_supervisor_lives_is_alive()
    {
        new RunFiles(_folder).WriteState(7, 8, Environment.ProcessId, RunFiles.OwnStartTime, Sample.Time);

        var seen = RunObservation.Of(_folder);

        Assert.Equal(Vitality.Alive, seen.Vitality);
        Assert.Equal((7, 8L), (seen.State!.Pid, seen.State.StartTime));
        Assert.Equal(Sample.Time, seen.State.Started.UtcDateTime);
        Assert.Null(seen.Exit);
    }

    [Fact]
    public void A_state_whose_supervisor_is_gone_is_lost()
    {
        new RunFiles(_folder).WriteDeadState();

        var seen = RunObservation.Of(_folder);

        Assert.Equal(Vitality.Lost, seen.Vitality);
        Assert.Equal(RunFiles.NoProcess, seen.State!.SupervisorPid);
    }

    [Fact]
    public void A_process_that_only_has_the_supervisors_number_is_not_it()
    {
        new RunFiles(_folder).WriteState(7, 8, Environment.ProcessId, RunFiles.OwnStartTime + 1);

        Assert.Equal(Vitality.Lost, RunObservation.Of(_folder).Vitality);
    }

    [Fact]
    public void An_exit_record_is_the_end_whoever_lives()
    {
        var run = new RunFiles(_folder);
        run.WriteLiveState();
        run.WriteExit(3, Sample.Time, oomKilled: true);

        var seen = RunObservation.Of(_folder);

        Assert.Equal(Vitality.Ended, seen.Vitality);
        Assert.Equal((3, true), (seen.Exit!.ExitCode, seen.Exit.OomKilled));
        Assert.Equal(Sample.Time, seen.Exit.Finished.UtcDateTime);
    }

    [Theory]
    [InlineData("state")]
    [InlineData("exit")]
    public void A_record_that_a_power_cut_left_empty_counts_as_none(string name)
    {
        File.WriteAllText(Path.Combine(_folder, name), "");

        Assert.Equal(new RunObservation(Vitality.Lost), RunObservation.Of(_folder));
    }

    [Fact]
    public void A_process_is_alive_until_it_ends()
    {
        using var process = System.Diagnostics.Process.Start("sleep", "60");
        var start = RunFiles.StartTimeOf(process.Id);
        Assert.True(RunObservation.IsAlive(process.Id, start));
        Assert.False(RunObservation.IsAlive(process.Id, start + 1));

        process.Kill();
        process.WaitForExit();

        Assert.False(RunObservation.IsAlive(process.Id, start));
        Assert.False(RunObservation.IsAlive(RunFiles.NoProcess, 1));
    }
}
