using PsContainers.Contracts;
using PsContainers.VolumeMounts;

namespace PsContainers.LocalVolume.Tests;

/// <summary>The right to work on one volume.</summary>
public sealed class VolumeLockTests : IDisposable
{
    private readonly VolumeSandbox _sandbox = new();

    private string Folder => Path.Combine(_sandbox.Environment.RunDirectory, "volumes");

    [Fact]
    public void Nobody_has_it_while_another_has()
    {
        const int rounds = 3000;
        var volume = VolumeSandbox.Volume(new Dictionary<string, string>());
        var (holders, most) = (0, 0);

        Parallel.For(0, 4 * rounds, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            using var alone = VolumeLock.Take(Folder, volume, default);
            var now = Interlocked.Increment(ref holders);
            most = Math.Max(most, now);
            Thread.SpinWait(100);
            Interlocked.Decrement(ref holders);
        });

        Assert.Equal(1, most);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void Waiting_for_it_ends_when_the_user_gives_up()
    {
        var volume = VolumeSandbox.Volume(new Dictionary<string, string>());
        using var held = VolumeLock.Take(Folder, volume, default);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        Assert.Throws<OperationCanceledException>(() => VolumeLock.Take(Folder, volume, patience.Token));
    }

    public void Dispose() => _sandbox.Dispose();
}
