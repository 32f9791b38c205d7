using System.Diagnostics;
using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Linux;

namespace PsContainers.Plugins.Discovery;

/// <summary>The folders that a user registered, in a file that several sessions read and change.</summary>
internal sealed class RegisteredPlugins(string path)
{
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(10);

    /// <exception cref="DriverException">The file can't be read.</exception>
    public IReadOnlyList<string> Folders()
    {
        try
        {
            return WholeFile.TryRead(path) is { } content
                ? JsonSerializer.Deserialize(content, RegisteredJson.Default.RegisteredList)!.Folders
                : [];
        }
        catch (Exception e) when (e is JsonException or LinuxException)
        {
            throw new DriverException($"the list of registered plugins {path}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }
    }

    /// <summary>Puts a changed list in the place of the present one; readers see the one or the other.</summary>
    public void Change(Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, StateFile.OwnerOnly);
            using var held = Acquire(path + ".lock");
            var before = Folders();
            var after = change(before);
            if (!ReferenceEquals(before, after))
            {
                StateFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(new(after), RegisteredJson.Default.RegisteredList));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"the list of registered plugins {path}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }
    }

    // The file is never removed, so that everybody locks the same one.
    private static LockFile Acquire(string lockPath)
    {
        var started = Stopwatch.GetTimestamp();
        var file = LockFile.Open(lockPath);
        while (!file.TryLock(isShared: false))
        {
            if (Stopwatch.GetElapsedTime(started) > _longestWait)
            {
                file.Dispose();
                throw new IOException($"another session has held {lockPath} for {_longestWait.TotalSeconds} seconds");
            }

            Thread.Sleep(5);
        }

        return file;
    }
}
