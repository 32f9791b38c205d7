using System.Diagnostics;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Runs;

/// <summary>What becomes of a container whose row and run directory do not agree.</summary>
public sealed class ReconciliationTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(ContainerStatus.Created)]
    [InlineData(ContainerStatus.Stopped)]
    public void A_container_without_a_run_stays_as_it_is(ContainerStatus status)
    {
        var row = _sandbox.Add(Sample.Container() with { Status = status });

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equal(new CurrentContainer(row), current);
        Assert.False(File.Exists(LockOf(row)), "who only looks needs no lock");
    }

    [Fact]
    public void A_container_that_runs_has_the_state_of_its_run()
    {
        var row = AddRunning();
        _sandbox.Run(row.Id).WriteLiveState();

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equal((ContainerStatus.Running, Environment.ProcessId), (current.Status, current.State!.Pid));
    }

    [Fact]
    public void An_ended_run_is_written_down_and_cleared_away()
    {
        var row = AddRunning();
        _sandbox.Run(row.Id).WriteExit(3, Sample.Time.AddMinutes(1), oomKilled: true);

        var current = _sandbox.Reconciliation.Current(row);

        var ended = row with { Status = ContainerStatus.Stopped, Finished = Sample.Time.AddMinutes(1) };
        var expected = ended with { ExitCode = 3, OutOfMemory = true };
        Assert.Equivalent(expected, current.Row, strict: true);
        Assert.Equivalent(expected, _sandbox.Containers.Find(row.Id), strict: true);
        AssertNoRun(row);
    }

    [Fact]
    public void A_lost_run_ends_as_if_killed_and_says_so()
    {
        var row = AddRunning();
        _sandbox.Run(row.Id).WriteDeadState();

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equal((ContainerStatus.Stopped, 137), (current.Status, current.Row.ExitCode));
        Assert.Contains("supervisor died", current.Row.Error, StringComparison.Ordinal);
        Assert.InRange(current.Row.Finished!.Value, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow);
        Assert.Equivalent(current.Row, _sandbox.Containers.Find(row.Id), strict: true);
        AssertNoRun(row);
    }

    [Fact]
    public void The_first_process_of_a_lost_run_is_killed()
    {
        var row = AddRunning();
        using var orphan = Process.Start("sleep", "60");
        _sandbox.Run(row.Id).WriteState(orphan.Id, RunFiles.StartTimeOf(orphan.Id), RunFiles.NoProcess, 1);

        _sandbox.Reconciliation.Current(row);

        Assert.True(orphan.WaitForExit(10_000));
        Assert.Equal(137, orphan.ExitCode);
    }

    [Fact]
    public void A_process_that_only_has_the_first_processs_number_is_let_alone()
    {
        var row = AddRunning();
        using var stranger = Process.Start("sleep", "60");
        try
        {
            _sandbox.Run(row.Id).WriteState(stranger.Id, RunFiles.StartTimeOf(stranger.Id) + 1, RunFiles.NoProcess, 1);

            var current = _sandbox.Reconciliation.Current(row);

            Assert.Equal(ContainerStatus.Stopped, current.Status);
            Assert.False(stranger.WaitForExit(200));
        }
        finally
        {
            stranger.Kill();
        }
    }

    [Fact]
    public void A_container_that_ran_before_the_host_was_restarted_has_ended()
    {
        var row = AddRunning(boot: "an earlier one");

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equal((ContainerStatus.Stopped, 137), (current.Status, current.Row.ExitCode));
        Assert.Contains("host was restarted", current.Row.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_directory_that_outlived_a_restart_proves_nothing()
    {
        var row = AddRunning(boot: "an earlier one");
        _sandbox.Run(row.Id).WriteState(RunFiles.NoProcess, 1, Environment.ProcessId, RunFiles.OwnStartTime);

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equal(ContainerStatus.Stopped, current.Status);
        AssertNoRun(row);
    }

    [Fact]
    public void A_run_whose_starter_was_killed_is_adopted()
    {
        var row = _sandbox.Add(Sample.Container());
        _sandbox.Containers.SetStopped(row with { ExitCode = 1, Error = "old", Finished = Sample.Time });
        _sandbox.Run(row.Id).WriteLiveState(Sample.Time.AddSeconds(9));

        var current = _sandbox.Reconciliation.Current(_sandbox.Containers.Find(row.Id)!);

        var expected = row with { Status = ContainerStatus.Running, Boot = HostBoot.Id, Started = Sample.Time.AddSeconds(9) };
        Assert.Equivalent(expected, current.Row, strict: true);
        Assert.Equivalent(expected, _sandbox.Containers.Find(row.Id), strict: true);
        Assert.True(Directory.Exists(_sandbox.Paths.RunDirectory(row.Id)));
    }

    [Fact]
    public void A_start_that_was_killed_before_it_came_to_anything_leaves_no_trace()
    {
        var row = _sandbox.Add(Sample.Container());
        _sandbox.Run(row.Id);

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equivalent(row, current.Row, strict: true);
        Assert.Equivalent(row, _sandbox.Containers.Find(row.Id), strict: true);
        AssertNoRun(row);
    }

    [Fact]
    public async Task A_supervisor_that_is_starting_is_waited_for()
    {
        var row = _sandbox.Add(Sample.Container());
        var run = _sandbox.Run(row.Id);
        using var socket = run.Listen();
        var settling = Task.Run(() => _sandbox.Reconciliation.Current(row));

        await Task.Delay(100);
        Assert.False(settling.IsCompleted);
        run.WriteLiveState();

        Assert.Equal(ContainerStatus.Running, (await settling).Status);
    }

    [Fact]
    public void While_somebody_is_at_work_on_it_a_container_is_only_looked_at()
    {
        var row = AddRunning();
        _sandbox.Run(row.Id).WriteExit(3, Sample.Time.AddMinutes(1));
        using var held = _sandbox.Locks.TryAcquire(row.Id);

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equal((ContainerStatus.Stopped, 3), (current.Status, current.Row.ExitCode));
        Assert.Equivalent(row, _sandbox.Containers.Find(row.Id), strict: true);
        Assert.True(Directory.Exists(_sandbox.Paths.RunDirectory(row.Id)));
    }

    [Fact]
    public void A_container_to_be_removed_at_its_end_goes_with_all_it_wrote()
    {
        var row = AddRunning(removeOnExit: true);
        _sandbox.Run(row.Id).WriteExit(3, Sample.Time.AddMinutes(1));
        Directory.CreateDirectory(Path.Combine(_sandbox.Paths.ContainerDirectory(row.Id), "upper/etc"));

        var current = _sandbox.Reconciliation.Current(row);

        Assert.Equal((true, 3), (current.IsRemoved, current.Row.ExitCode));
        AssertGone(row.Id);
    }

    [Fact]
    public void A_container_that_others_removed_meanwhile_is_told_as_removed()
    {
        var row = AddRunning();
        _sandbox.Containers.Delete(row);

        Assert.True(_sandbox.Reconciliation.Current(row).IsRemoved);
        AssertGone(row.Id);
    }

    private ContainerRow AddRunning(string? boot = null, bool removeOnExit = false) => _sandbox.Add(Sample.Container() with
    {
        Status = ContainerStatus.Running,
        Boot = boot ?? HostBoot.Id,
        Started = Sample.Time,
        RemoveOnExit = removeOnExit,
    });

    private string LockOf(ContainerRow row) => Path.Combine(_sandbox.Paths.Locks, row.Id);

    private void AssertNoRun(ContainerRow row) => Assert.False(Directory.Exists(_sandbox.Paths.RunDirectory(row.Id)));

    private void AssertGone(string id)
    {
        Assert.Null(_sandbox.Containers.Find(id));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Folder, id, SearchOption.AllDirectories));
    }
}
