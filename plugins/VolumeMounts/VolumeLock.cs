using System.Diagnostics;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.VolumeMounts;

/// <summary>The right to work on one volume, which one session has at a time; its file is there only meanwhile.</summary>
internal sealed class VolumeLock : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(25);
    private readonly LockFile _file;
    private readonly string _path;

    private VolumeLock(LockFile file, string path) => (_file, _path) = (file, path);

    /// <param name="folder">Where the file is, and is made.</param>
    internal static VolumeLock Take(string folder, VolumeDefinition volume, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{volume.Id}.lock");
        var began = Stopwatch.GetTimestamp();
        for (var pause = 1; ; pause = Math.Min(pause * 2, 16))
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (Stopwatch.GetElapsedTime(began) > _patience)
            {
                throw new DriverException(
                    $"volume {volume.Name}: another session has been at work on it for {_patience.TotalSeconds} seconds ({path})",
                    DriverErrorKind.InUse);
            }

            cancellation.WaitHandle.WaitOne(pause);
        }
    }

    // Nobody but the holder removes the file, and then whoever waited for it finds that it has no name any more.
    private static VolumeLock? TryTake(string path)
    {
        var file = LockFile.Open(path);
        if (file.TryLock(isShared: false) && file.IsLinked())
        {
            return new(file, path);
        }

        file.Dispose();
        return null;
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_path);
        }
        finally
        {
            _file.Dispose();
        }
    }
}
