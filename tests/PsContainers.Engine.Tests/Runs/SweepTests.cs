using System.Diagnostics;

namespace PsContainers.Engine.Tests.Runs;

/// <summary>What a session that opens the store clears away.</summary>
public sealed class SweepTests : IDisposable
{
    private static readonly string _unknown = Sample.Id("dead");

    private readonly EngineSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_run_directory_without_a_row_is_removed()
    {
        _sandbox.Run(_unknown).WriteDeadState();

        _sandbox.Reconciliation.Sweep();

        AssertNothingIsLeft();
    }

    [Fact]
    public void What_still_runs_without_a_row_is_killed()
    {
        using var orphan = Process.Start("sleep", "60");
        _sandbox.Run(_unknown).WriteState(orphan.Id, RunFiles.StartTimeOf(orphan.Id), RunFiles.NoProcess, 1);

        _sandbox.Reconciliation.Sweep();

        Assert.True(orphan.WaitForExit(10_000));
        AssertNothingIsLeft();
    }

    [Fact]
    public void What_a_container_without_a_row_wrote_is_removed()
    {
        var folder = _sandbox.Paths.ContainerDirectory(_unknown);
        Directory.CreateDirectory(Path.Combine(folder, "upper/etc"));
        Directory.CreateDirectory(Path.Combine(folder, "work/work"));
        File.WriteAllText(Path.Combine(folder, "log"), "text");

        _sandbox.Reconciliation.Sweep();

        AssertNothingIsLeft();
    }

    [Fact]
    public void A_lock_file_without_a_row_is_removed()
    {
        _sandbox.Locks.TryAcquire(_unknown)!.Dispose();

        _sandbox.Reconciliation.Sweep();

        AssertNothingIsLeft();
    }

    [Fact]
    public void What_somebody_is_at_work_on_is_let_alone()
    {
        _sandbox.Run(_unknown).WriteDeadState();
        using var held = _sandbox.Locks.TryAcquire(_unknown);

        _sandbox.Reconciliation.Sweep();

        Assert.True(Directory.Exists(_sandbox.Paths.RunDirectory(_unknown)));
        Assert.True(File.Exists(Path.Combine(_sandbox.Paths.Locks, _unknown)));
    }

    [Fact]
    public void Containers_with_a_row_keep_everything()
    {
        var row = _sandbox.Add(Sample.Container());
        _sandbox.Run(row.Id).WriteDeadState();
        Directory.CreateDirectory(_sandbox.Paths.ContainerDirectory(row.Id));
        _sandbox.Locks.TryAcquire(row.Id)!.Dispose();

        _sandbox.Reconciliation.Sweep();

        Assert.True(File.Exists(Path.Combine(_sandbox.Paths.RunDirectory(row.Id), "state")));
        Assert.True(Directory.Exists(_sandbox.Paths.ContainerDirectory(row.Id)));
        Assert.True(File.Exists(Path.Combine(_sandbox.Paths.Locks, row.Id)));
    }

    [Fact]
    public void What_is_no_container_is_let_alone()
    {
        var names = new[] { "roots", "rootfs", "notes", _unknown[1..], _unknown.ToUpperInvariant() };
        foreach (var name in names)
        {
            Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Run, name));
        }

        _sandbox.Reconciliation.Sweep();

        Assert.All(names, name => Assert.True(Directory.Exists(Path.Combine(_sandbox.Paths.Run, name)), name));
    }

    [Fact]
    public void Opening_the_engine_sweeps()
    {
        _sandbox.Run(_unknown).WriteDeadState();

        using var services = ContainerServices.Open(_sandbox.Paths, "/nonexistent/launcher");

        AssertNothingIsLeft();
    }

    [Fact]
    public void A_broken_record_of_an_unknown_run_does_not_keep_the_engine_shut()
    {
        File.WriteAllText(Path.Combine(_sandbox.Run(_unknown).Folder, "state"), "");

        using var services = ContainerServices.Open(_sandbox.Paths, "/nonexistent/launcher");

        AssertNothingIsLeft();
    }

    private void AssertNothingIsLeft() =>
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Folder, _unknown, SearchOption.AllDirectories));
}
