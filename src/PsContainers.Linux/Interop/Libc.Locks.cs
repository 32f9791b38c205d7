using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>flock(2), and what goes with a lock file: open(2), statx(2).</summary>
internal static unsafe partial class Libc
{
    internal const int LOCK_SH = 1;
    internal const int LOCK_EX = 2;
    internal const int LOCK_NB = 4;

    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int AT_SYMLINK_NOFOLLOW_statx = 0x100;
    internal const int AT_FDCWD_statx = -100;
    internal const uint STATX_NLINK = 0x4;
    internal const uint STATX_INO = 0x100;

    // O_NOFOLLOW is 0x20000 on x86-64 and 0x8000 on arm64.
    internal static int O_RDWR_CREAT_CLOEXEC_NOFOLLOW =>
        0x2 | 0x40 | 0x80000 | (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int flock(int fd, int operation);

    [LibraryImport(Name, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int open_lock(string pathname, int flags, uint mode);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int statx(int dirfd, string pathname, int flags, uint mask, FileStatusExtended* statxbuf);

    /// <summary>struct statx, the same on every architecture; only the fields that are read have names.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct FileStatusExtended
    {
        [FieldOffset(16)]
        internal uint LinkCount;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;
    }
}
