using PsContainers.Engine.Locks;

namespace PsContainers.Engine.Tests.Locks;

public sealed class LockSweepTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-sweep-").FullName;
    private readonly VolumeLocks _locks;

    public LockSweepTests() => _locks = new VolumeLocks(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lock_files_of_what_is_gone_are_removed_and_no_others()
    {
        foreach (var id in new[] { "here", "gone", "held" })
        {
            _locks.Acquire(id, id, CancellationToken.None).Dispose();
        }

        File.WriteAllText(Path.Combine(_folder, "gone.network"), "");
        using var held = _locks.Acquire("held", "held", CancellationToken.None);

        LockSweep.Discard(_folder, VolumeLocks.Suffix, () => new HashSet<string> { "here" });

        Assert.Equal(["gone.network", "held.volume", "here.volume"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_somebody_made_meanwhile_keeps_its_lock()
    {
        _locks.Acquire("new", "new", CancellationToken.None).Dispose();
        var looks = 0;

        LockSweep.Discard(_folder, VolumeLocks.Suffix, () => looks++ == 0 ? new HashSet<string>() : new HashSet<string> { "new" });

        Assert.Single(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public void Nobody_is_asked_where_there_is_no_lock() => LockSweep.Discard(
        _folder, VolumeLocks.Suffix, () => throw new InvalidOperationException("asked"));
}
