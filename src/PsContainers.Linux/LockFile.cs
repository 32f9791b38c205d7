using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>
/// An open file that is there to be locked. flock(2): the kernel lets go of the lock when the last descriptor is closed, however the
/// process ends.
/// </summary>
public sealed unsafe class LockFile : FileDescriptor
{
    private readonly string _path;

    private LockFile(string path) => _path = path;

    /// <summary>Opens the file, made for its owner alone when it is missing.</summary>
    public static LockFile Open(string path)
    {
        var file = new LockFile(path);
        file.Adopt(LinuxException.Check(Libc.open_lock(path, Libc.O_RDWR_CREAT_CLOEXEC_NOFOLLOW, 0x180), "open", path));
        return file;
    }

    /// <summary>Takes the lock without waiting; false when somebody holds it against us.</summary>
    public bool TryLock(bool isShared) => TryLock(Number, isShared, _path);

    /// <param name="name">What errors call it.</param>
    internal static bool TryLock(int descriptor, bool isShared, string name)
    {
        while (Libc.flock(descriptor, Libc.LOCK_NB | (isShared ? Libc.LOCK_SH : Libc.LOCK_EX)) < 0)
        {
            var errno = (Errno)Marshal.GetLastPInvokeError();
            if (errno == Errno.EAGAIN)
            {
                return false;
            }

            if (errno != Errno.EINTR)
            {
                throw new LinuxException(nameof(Libc.flock), name, errno);
            }
        }

        return true;
    }

    /// <summary>
    /// Whether the file still has a name. A lock on one that has none excludes nobody: others lock the file that took its place.
    /// </summary>
    public bool IsLinked()
    {
        Libc.FileStatusExtended status;
        LinuxException.Check(Libc.statx(Number, "", Libc.AT_EMPTY_PATH, Libc.STATX_NLINK, &status), nameof(Libc.statx), _path);
        return status.LinkCount > 0;
    }
}
