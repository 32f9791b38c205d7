using System.Diagnostics;
using PsContainers.Engine.Errors;
using PsContainers.Linux;

namespace PsContainers.Engine.Locks;

/// <summary>Takes flock(2) locks on files by path, with a bounded, cancellable wait.</summary>
internal static class FileLocks
{
    /// <summary>Longer than any holder needs: whoever waits for a container to end does so without its lock.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Takes the lock, or says after <see cref="LongestWait"/> that somebody does not let go of it.</summary>
    /// <param name="name">What the file stands for, for the message; its path when null.</param>
    public static LockFile Acquire(string path, bool isShared, CancellationToken cancellation, string? name = null)
    {
        var started = Stopwatch.GetTimestamp();

        // flock(2) itself waits without end and a signal is no way to stop one thread: so it is asked again and again, at first often.
        for (var pause = 1; ; pause = Math.Min(pause * 2, 50))
        {
            if (TryAcquire(path, isShared) is { } taken)
            {
                return taken;
            }

            if (Stopwatch.GetElapsedTime(started) > LongestWait)
            {
                throw EngineErrors.ContainerBusy(name ?? path, LongestWait);
            }

            cancellation.WaitHandle.WaitOne(pause);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Takes the lock if nobody holds it.</summary>
    public static LockFile? TryAcquire(string path, bool isShared)
    {
        while (true)
        {
            var file = LockFile.Open(path);
            if (!file.TryLock(isShared))
            {
                file.Dispose();
                return null;
            }

            // Unlinked between our open and our lock: its holder removed the object, and others lock a new file by now.
            if (file.IsLinked())
            {
                return file;
            }

            file.Dispose();
        }
    }
}
