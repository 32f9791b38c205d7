using Microsoft.Win32.SafeHandles;
using PsContainers.Linux;

namespace PsContainers.Images.Transfers;

/// <summary>The file of a download: a part, which only who holds the lock writes to, or the whole, which nobody writes to.</summary>
/// <remarks>
/// A whole one has a name of its own. Another shell may be about to store it, and a registry that lies about its size must get nobody to
/// add to it or to cut it. The lock is a file of its own as well: .NET takes a shared one on whatever it opens, and the download may be a
/// blob of the store already while this shell still looks at it.
/// </remarks>
internal sealed class DownloadFile : IDisposable
{
    private const string Part = ".part";

    private readonly string _lockPath;
    private readonly LockFile _lock;

    private bool _isReleased;

    private DownloadFile(string path, string lockPath, LockFile held)
    {
        (_lockPath, _lock) = (lockPath, held);
        IsWhole = File.Exists(path);
        Path = IsWhole ? path : path + Part;
        Content = File.OpenHandle(
            Path,
            IsWhole ? FileMode.Open : FileMode.OpenOrCreate,
            IsWhole ? FileAccess.Read : FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete);
    }

    /// <summary>Somebody has fetched all of it, and found it right.</summary>
    internal bool IsWhole { get; private set; }

    internal string Path { get; private set; }

    internal SafeFileHandle Content { get; }

    internal long Length => RandomAccess.GetLength(Content);

    /// <summary>Null when somebody else is at it.</summary>
    /// <param name="path">Of the whole.</param>
    internal static DownloadFile? TryOpen(string path)
    {
        var lockPath = path + ".lock";
        var held = LockFile.Open(lockPath);
        DownloadFile? file = null;
        try
        {
            // One without a name was let go of between our open and our lock, and others lock a new one by now.
            file = held.TryLock(isShared: false) && held.IsLinked() ? new(path, lockPath, held) : null;
            return file;
        }
        catch (FileNotFoundException)
        {
            // Moved into the store between the look and the opening.
            return null;
        }
        finally
        {
            if (file is null)
            {
                held.Dispose();
            }
        }
    }

    /// <summary>Lets others have it; what was written can still be read.</summary>
    internal void Release()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            File.Delete(_lockPath);
            _lock.Dispose();
        }
    }

    /// <summary>Gives it the name of the whole.</summary>
    internal void Complete()
    {
        if (!IsWhole)
        {
            var whole = Path[..^Part.Length];
            File.Move(Path, whole);
            (Path, IsWhole) = (whole, true);
        }
    }

    /// <summary>Takes its name away, so that the blob is fetched anew.</summary>
    internal void Discard() => File.Delete(Path);

    public void Dispose()
    {
        Release();
        Content.Dispose();
    }
}
