using Microsoft.Win32.SafeHandles;
using PsContainers.Linux;

namespace PsContainers.Images.Transfers;

/// <summary>The file of a download, which this process alone writes to until it lets go of the lock.</summary>
/// <remarks>
/// The lock is a file of its own: .NET takes a shared one on whatever it opens, and the download may be a blob of the store already, moved
/// there by another shell, while this one still looks at it.
/// </remarks>
internal sealed class DownloadFile : IDisposable
{
    private readonly string _lockPath;
    private readonly LockFile _lock;

    private bool _isReleased;

    private DownloadFile(string path, string lockPath, LockFile held)
    {
        (Path, _lockPath, _lock) = (path, lockPath, held);
        Content = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    internal string Path { get; }

    internal SafeFileHandle Content { get; }

    internal long Length => RandomAccess.GetLength(Content);

    /// <summary>Null when somebody else is at it.</summary>
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

    /// <summary>Takes its name away, so that the blob is fetched anew.</summary>
    internal void Discard() => File.Delete(Path);

    public void Dispose()
    {
        Release();
        Content.Dispose();
    }
}
