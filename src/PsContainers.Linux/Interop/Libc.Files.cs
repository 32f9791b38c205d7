using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PsContainers.Linux.Interop;

/// <summary>openat(2), openat2(2), statx(2), mkdir(2), mknod(2), link(2), symlink(2), readlink(2), rename(2), unlink(2),
/// getdents(2), pread(2), sync(2).</summary>
internal static unsafe partial class Libc
{
    internal const int AT_FDCWD = -100;
    internal const int AT_REMOVEDIR = 0x200;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const uint RENAME_NOREPLACE = 1;
    internal const uint RENAME_EXCHANGE = 2;
    internal const int SEEK_DATA = 3;
    internal const int SEEK_HOLE = 4;
    internal const int SEEK_SET = 0;
    internal const ulong RESOLVE_IN_ROOT = 0x10;
    internal const ulong RESOLVE_NO_SYMLINKS = 0x04;
    internal const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    internal const uint STATX_BASIC_STATS = 0x7ff;
    internal const uint STATX_MNT_ID = 0x1000;

    // These two differ between x86-64 and arm64 (asm-generic/fcntl.h against arch/arm64).
    internal static int O_DIRECTORY => Arm64 ? 0x4000 : 0x10000;

    internal static int O_NOFOLLOW => Arm64 ? 0x8000 : 0x20000;

    private static bool Arm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int openat(int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long openat2(
        long number, int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, OpenHow* how, nuint size);

    [LibraryImport(Name, EntryPoint = "statx", SetLastError = true)]
    internal static partial int statx_name(
        int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, int flags, uint mask, StatxBuffer* statxbuf);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mkdirat(int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mknodat(int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, uint mode, ulong dev);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int linkat(
        int olddirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string oldpath,
        int newdirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string newpath,
        int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int symlinkat(
        [MarshalUsing(typeof(FileNameMarshaller))] string target, int newdirfd, [MarshalUsing(typeof(FileNameMarshaller))] string linkpath);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint readlinkat(
        int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, byte* buf, nuint bufsiz);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int renameat(
        int olddirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string oldpath,
        int newdirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string newpath);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int renameat2(
        int olddirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string oldpath,
        int newdirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string newpath,
        uint flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int unlinkat(int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, int flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long getdents64(long number, int fd, byte* dirp, nuint count);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial long lseek(int fd, long offset, int whence);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ftruncate(int fd, long length);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint pread(int fd, byte* buf, nuint count, long offset);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint pwrite(int fd, byte* buf, nuint count, long offset);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int syncfs(int fd);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fsync(int fd);

    /// <summary>struct open_how.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        internal ulong Flags;
        internal ulong Mode;
        internal ulong Resolve;
    }

    /// <summary>struct statx, the same on every architecture; only the fields that are read have names.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatxBuffer
    {
        [FieldOffset(16)]
        internal uint LinkCount;

        [FieldOffset(20)]
        internal uint UserId;

        [FieldOffset(24)]
        internal uint GroupId;

        [FieldOffset(28)]
        internal ushort Mode;

        [FieldOffset(32)]
        internal ulong Inode;

        [FieldOffset(40)]
        internal long Size;

        [FieldOffset(112)]
        internal long ModifiedSeconds;

        [FieldOffset(120)]
        internal uint ModifiedNanoseconds;

        [FieldOffset(128)]
        internal uint NodeMajor;

        [FieldOffset(132)]
        internal uint NodeMinor;

        [FieldOffset(136)]
        internal uint DeviceMajor;

        [FieldOffset(140)]
        internal uint DeviceMinor;

        [FieldOffset(144)]
        internal ulong MountId;
    }
}
