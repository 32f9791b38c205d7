using System.Diagnostics;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Bridge.State;

/// <summary>A lock that other sessions honor, too, taken with patience that has an end.</summary>
internal static class FileLock
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(25);

    /// <summary>Waits for the lock; it is given back by closing what is returned.</summary>
    internal static LockFile Take(string path, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = LockFile.Open(path);
        try
        {
            var began = Stopwatch.GetTimestamp();
            for (var pause = 1; !file.TryLock(isShared: false); pause = Math.Min(pause * 2, 16))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Stopwatch.GetElapsedTime(began) > _patience)
                {
                    throw new DriverException(
                        $"another session of the bridge driver held {path} for {_patience.TotalSeconds} seconds", DriverErrorKind.Failed);
                }

                cancellation.WaitHandle.WaitOne(pause);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
