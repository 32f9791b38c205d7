using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Tests.Runs;

/// <summary>Reconciliation by whoever holds a container's lock.</summary>
public sealed class SettlingTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_container_that_is_gone_is_not_found_and_leaves_no_lock()
    {
        var id = Sample.Id("abc");
        using var held = _sandbox.Locks.TryAcquire(id);

        var error = Assert.Throws<ContainerEngineException>(() => _sandbox.Reconciliation.Settle(id, "web"));

        Assert.Equal(("ContainerNotFound", "web"), (error.ErrorId, error.Target));
        Assert.Empty(Directory.EnumerateFiles(_sandbox.Paths.Locks));
    }

    [Fact]
    public void An_end_that_was_waited_for_stays_the_answer_when_others_removed_the_container()
    {
        var row = Running();

        var current = _sandbox.Reconciliation.SettleAfter(row, Exit(3));

        Assert.Equal((true, ContainerStatus.Stopped, 3), (current.IsRemoved, current.Status, current.Row.ExitCode));
    }

    [Fact]
    public void An_end_that_was_waited_for_stays_the_answer_when_others_started_the_container_again()
    {
        var row = _sandbox.Add(Running());
        _sandbox.Run(row.Id).WriteLiveState(Sample.Time.AddHours(1));

        var current = _sandbox.Reconciliation.SettleAfter(row, Exit(3));

        Assert.Equal((false, ContainerStatus.Stopped, 3), (current.IsRemoved, current.Status, current.Row.ExitCode));
        Assert.Equal(ContainerStatus.Running, _sandbox.Containers.Find(row.Id)!.Status);
    }

    [Fact]
    public void After_a_wait_the_record_in_the_run_directory_is_written_down()
    {
        var row = _sandbox.Add(Running());
        _sandbox.Run(row.Id).WriteExit(4, Sample.Time.AddMinutes(2));

        var current = _sandbox.Reconciliation.SettleAfter(row, exit: null);

        Assert.Equal((ContainerStatus.Stopped, 4), (current.Status, current.Row.ExitCode));
        Assert.Equal(4, _sandbox.Containers.Find(row.Id)!.ExitCode);
    }

    [Fact]
    public void A_foreground_run_removes_its_container_and_still_knows_its_end()
    {
        var row = _sandbox.Add(Running() with { RemoveOnExit = true });
        _sandbox.Run(row.Id).WriteExit(5, Sample.Time);

        var current = _sandbox.Reconciliation.Discard(row, Exit(5));

        Assert.Equal((true, 5), (current.IsRemoved, current.Row.ExitCode));
        Assert.Null(_sandbox.Containers.Find(row.Id));
        Assert.False(Directory.Exists(_sandbox.Paths.RunDirectory(row.Id)));
    }

    [Fact]
    public void A_first_process_without_a_handler_cannot_be_asked_to_end()
    {
        using var process = System.Diagnostics.Process.Start("sleep", "60");
        try
        {
            Assert.False(ContainerEnd.IsHandled(process.Id, 15));

            // The runtime of this very process handles SIGINT, and ignores SIGPIPE.
            Assert.True(ContainerEnd.IsHandled(Environment.ProcessId, 2));
            Assert.True(ContainerEnd.IsHandled(Environment.ProcessId, 13));
            Assert.False(ContainerEnd.IsHandled(RunFiles.NoProcess, 15));
        }
        finally
        {
            process.Kill();
        }
    }

    private static ContainerRow Running() =>
        Sample.Container() with { Status = ContainerStatus.Running, Boot = HostBoot.Id, Started = Sample.Time };

    private static ExitRecord Exit(int code) => new(code, 0, false, RunFiles.Nanoseconds(Sample.Time.AddMinutes(1)));
}
