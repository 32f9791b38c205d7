using PsContainers.Engine.Locks;
using PsContainers.Linux;

namespace PsContainers.Engine.Tests.Locks;

public sealed class FileLocksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-locks-").FullName;

    private string LockPath => Path.Combine(_folder, "lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_exclusive_lock_keeps_everybody_out_until_it_is_let_go()
    {
        using (Acquire(isShared: false))
        {
            Assert.Null(FileLocks.TryAcquire(LockPath, isShared: false));
            Assert.Null(FileLocks.TryAcquire(LockPath, isShared: true));
        }

        using var next = FileLocks.TryAcquire(LockPath, isShared: false);
        Assert.NotNull(next);
    }

    [Fact]
    public void Shared_locks_stand_beside_each_other_and_keep_an_exclusive_one_out()
    {
        using var first = Acquire(isShared: true);
        using (var second = FileLocks.TryAcquire(LockPath, isShared: true))
        {
            Assert.NotNull(second);
            Assert.Null(FileLocks.TryAcquire(LockPath, isShared: false));
        }

        Assert.Null(FileLocks.TryAcquire(LockPath, isShared: false));
    }

    [Fact]
    public void Locks_of_different_files_have_nothing_to_do_with_each_other()
    {
        using var first = Acquire(isShared: false);

        using var other = FileLocks.TryAcquire(LockPath + "2", isShared: false);

        Assert.NotNull(other);
    }

    [Fact]
    public async Task Who_waits_gets_the_lock_when_it_is_let_go()
    {
        var holder = Acquire(isShared: false);
        var waiting = Task.Run(() => Acquire(isShared: false));

        await Task.Delay(50);
        Assert.False(waiting.IsCompleted);
        holder.Dispose();

        using var taken = await waiting;
        Assert.Null(FileLocks.TryAcquire(LockPath, isShared: false));
    }

    [Fact]
    public async Task Who_waits_for_a_file_that_is_removed_gets_the_lock_of_the_new_one()
    {
        var holder = Acquire(isShared: false);
        var waiting = Task.Run(() => Acquire(isShared: false));
        await Task.Delay(20);

        File.Delete(LockPath);
        holder.Dispose();

        using var taken = await waiting;
        Assert.True(File.Exists(LockPath));
        Assert.Null(FileLocks.TryAcquire(LockPath, isShared: false));
    }

    [Fact]
    public void A_lock_is_held_by_one_at_a_time_although_each_holder_removes_its_file()
    {
        var inside = 0;
        var entered = 0;

        AtOnce.Run(4, _ =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var held = Acquire(isShared: false);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                entered++;
                Interlocked.Decrement(ref inside);
                File.Delete(LockPath);
            }
        });

        Assert.Equal(200, entered);
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled()
    {
        using var holder = Acquire(isShared: false);
        using var source = new CancellationTokenSource();
        var waiting = Task.Run(() => FileLocks.Acquire(LockPath, isShared: false, source.Token));

        await Task.Delay(20);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void A_free_lock_is_taken_even_when_the_token_is_cancelled_already()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();

        using var held = FileLocks.Acquire(LockPath, isShared: false, source.Token);

        Assert.False(held.IsInvalid);
    }

    [Fact]
    public void A_lock_file_is_for_its_owner_alone()
    {
        using var held = Acquire(isShared: false);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LockPath));
    }

    [Fact]
    public void A_lock_in_a_folder_that_is_not_there_fails_with_its_path()
    {
        var error = Assert.Throws<LinuxException>(() => FileLocks.TryAcquire(Path.Combine(_folder, "none/lock"), isShared: false));

        Assert.Equal(Errno.ENOENT, error.Errno);
        Assert.Contains("none/lock", error.Message, StringComparison.Ordinal);
    }

    private LockFile Acquire(bool isShared) => FileLocks.Acquire(LockPath, isShared, CancellationToken.None);
}
