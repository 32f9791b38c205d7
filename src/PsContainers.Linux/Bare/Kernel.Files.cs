using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>
/// open(2), openat2(2), read(2), write(2), mkdir(2), mknod(2), symlink(2), unlink(2), rename(2), stat(2), chdir(2), pipe(2), dup(2).
/// </summary>
internal static unsafe partial class Kernel
{
    internal const int O_RDONLY = 0;
    internal const int O_WRONLY = 1;
    internal const int O_RDWR = 2;
    internal const int O_CREAT = 0x40;
    internal const int O_EXCL = 0x80;
    internal const int O_NOCTTY = 0x100;
    internal const int O_TRUNC = 0x200;
    internal const int O_APPEND = 0x400;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_CLOEXEC = 0x80000;
    internal const int AT_EMPTY_PATH = 0x1000;
    internal const int AT_REMOVEDIR = 0x200;
    internal const int S_IFMT = 0xF000;
    internal const int S_IFIFO = 0x1000;
    internal const int S_IFDIR = 0x4000;
    internal const int S_IFCHR = 0x2000;
    internal const int S_IFBLK = 0x6000;
    internal const int S_IFREG = 0x8000;
    internal const int S_IFLNK = 0xA000;
    internal const int AT_SYMLINK_NOFOLLOW = 0x100;
    internal const ulong RESOLVE_NO_XDEV = 0x01;
    internal const ulong RESOLVE_NO_MAGICLINKS = 0x02;
    internal const ulong RESOLVE_NO_SYMLINKS = 0x04;
    internal const ulong RESOLVE_BENEATH = 0x08;
    internal const ulong RESOLVE_IN_ROOT = 0x10;

    private const int ResolveTries = 10_000;

    // O_DIRECTORY, O_NOFOLLOW differ between x86-64 and arm64 (asm-generic/fcntl.h against arch/arm64).
    internal static int O_DIRECTORY => X64 ? 0x10000 : 0x4000;

    internal static int O_NOFOLLOW => X64 ? 0x20000 : 0x8000;

    internal static int O_PATH => 0x200000;

    private static bool X64 =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;

    internal static int Open(int directory, byte* path, int flags, int mode = 0) =>
        (int)Call(SyscallNumber.OpenAt, directory, (nint)path, flags | O_CLOEXEC, mode);

    /// <summary>
    /// openat2(2) with its RESOLVE_ flags; EAGAIN (a rename raced with the walk) is tried again, but not for as long as somebody likes to
    /// rename.
    /// </summary>
    internal static int OpenResolved(int directory, byte* path, int flags, ulong resolve)
    {
        var how = stackalloc ulong[3];
        how[0] = (uint)(flags | O_CLOEXEC);
        how[1] = 0;
        how[2] = resolve;
        nint result = -11;
        for (var i = 0; i < ResolveTries && result == -11; i++)
        {
            result = Call(SyscallNumber.Openat2, directory, (nint)path, (nint)how, 24);
        }

        return (int)result;
    }

    internal static int Close(int fd) => (int)Call(SyscallNumber.Close, fd);

    internal static nint Read(int fd, byte* buffer, nint count)
    {
        nint result;
        do
        {
            result = Call(SyscallNumber.Read, fd, (nint)buffer, count);
        }
        while (result == -4);
        return result;
    }

    internal static nint Write(int fd, byte* buffer, nint count)
    {
        nint result;
        do
        {
            result = Call(SyscallNumber.Write, fd, (nint)buffer, count);
        }
        while (result == -4);
        return result;
    }

    /// <summary>Writes all of it; the first error ends it.</summary>
    internal static int WriteAll(int fd, byte* buffer, nint count)
    {
        while (count > 0)
        {
            var written = Write(fd, buffer, count);
            if (written < 0)
            {
                return (int)written;
            }

            buffer += written;
            count -= written;
        }

        return 0;
    }

    internal static int MakeDirectory(int directory, byte* path, int mode) => (int)Call(SyscallNumber.MkdirAt, directory, (nint)path, mode);

    internal static int MakeNode(int directory, byte* path, int mode, uint major, uint minor) =>
        (int)Call(SyscallNumber.MknodAt, directory, (nint)path, mode, (nint)Device(major, minor));

    internal static int MakeSymlink(byte* target, int directory, byte* path) =>
        (int)Call(SyscallNumber.SymlinkAt, (nint)target, directory, (nint)path);

    internal static int Remove(int directory, byte* path, int flags) => (int)Call(SyscallNumber.UnlinkAt, directory, (nint)path, flags);

    internal static int Rename(byte* from, byte* to) => (int)Call(SyscallNumber.RenameAt2, AtFdCwd, (nint)from, AtFdCwd, (nint)to, 0);

    internal static int RenameAt(int directory, byte* from, byte* to) =>
        (int)Call(SyscallNumber.RenameAt2, directory, (nint)from, directory, (nint)to, 0);

    /// <summary>flock(2), exclusive and without waiting: −EAGAIN when somebody else has it.</summary>
    internal static int TryLock(int fd) => (int)Call(SyscallNumber.Flock, fd, 6); // LOCK_EX | LOCK_NB

    internal static int Truncate(int fd, long length) => (int)Call(SyscallNumber.Ftruncate, fd, (nint)length);

    internal static int ChangeDirectory(byte* path) => (int)Call(SyscallNumber.Chdir, (nint)path);

    internal static int ChangeDirectory(int fd) => (int)Call(SyscallNumber.Fchdir, fd);

    internal static int ChangeMode(int fd, int mode) => (int)Call(SyscallNumber.Fchmod, fd, mode);

    internal static int ChangeOwner(int fd, uint user, uint group) => (int)Call(SyscallNumber.Fchown, fd, (nint)user, (nint)group);

    /// <summary>The owner of a path below a directory; a symlink's own, and with an empty path that of the descriptor.</summary>
    internal static int ChangeOwnerAt(int directory, byte* path, uint user, uint group) =>
        (int)Call(SyscallNumber.FchownAt, directory, (nint)path, (nint)user, (nint)group, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH);

    internal static int Status(int fd, out FileStatus status)
    {
        fixed (FileStatus* s = &status)
        {
            return (int)Call(SyscallNumber.Fstat, fd, (nint)s);
        }
    }

    /// <summary>What a name in a directory stands for.</summary>
    internal static int StatusAt(int directory, byte* name, out FileStatus status)
    {
        fixed (FileStatus* s = &status)
        {
            return (int)Call(SyscallNumber.NewFstatAt, directory, (nint)name, (nint)s, 0);
        }
    }

    /// <summary>Without a descriptor: where RLIMIT_NOFILE is 0 there can be none.</summary>
    internal static int Status(byte* path, out FileStatus status)
    {
        fixed (FileStatus* s = &status)
        {
            return (int)Call(SyscallNumber.NewFstatAt, AtFdCwd, (nint)path, (nint)s, 0);
        }
    }

    /// <summary>The magic number of the file system behind a descriptor. statfs(2)</summary>
    internal static int FileSystemType(int fd, out ulong type)
    {
        var status = stackalloc ulong[15]; // struct statfs, f_type first
        var result = (int)Call(SyscallNumber.Fstatfs, fd, (nint)status);
        type = result < 0 ? 0 : status[0];
        return result;
    }

    internal static int Pipe(out int readEnd, out int writeEnd)
    {
        var ends = stackalloc int[2];
        var result = (int)Call(SyscallNumber.Pipe2, (nint)ends, O_CLOEXEC);
        readEnd = ends[0];
        writeEnd = ends[1];
        return result;
    }

    /// <summary>dup3(2) without O_CLOEXEC: the copy survives execve. Refused by the kernel when both are the same number.</summary>
    internal static int Duplicate(int from, int to) => (int)Call(SyscallNumber.Dup3, from, to, 0);

    internal static int DuplicateAnywhere(int fd) => (int)Call(SyscallNumber.Fcntl, fd, 1030, 64); // F_DUPFD_CLOEXEC

    internal static int CloseFrom(int first, bool onExec) => (int)Call(SyscallNumber.CloseRange, first, -1, onExec ? 4 : 0);

    /// <summary>Closes the descriptors in between; an empty range is none.</summary>
    internal static int CloseRange(int first, int last) => first > last ? 0 : (int)Call(SyscallNumber.CloseRange, first, last, 0);

    internal static int SetNonBlocking(int fd)
    {
        var on = 1;
        return (int)Call(SyscallNumber.Ioctl, fd, 0x5421, (nint)(&on)); // FIONBIO
    }

    /// <summary>How many bytes a pipe holds. ioctl_pipe(2), FIONREAD; a failure counts as none.</summary>
    internal static int BytesWaiting(int pipe)
    {
        var count = 0;
        return Call(SyscallNumber.Ioctl, pipe, 0x541b, (nint)(&count)) < 0 ? 0 : count;
    }

    internal static byte* MapFile(int fd, nint length)
    {
        var address = Call(SyscallNumber.Mmap, 0, length, 3, 2, fd, 0); // PROT_READ|PROT_WRITE, MAP_PRIVATE
        return address is < 0 and > -4096 ? null : (byte*)address;
    }

    internal static byte* MapAnonymous(nint length)
    {
        var address = Call(SyscallNumber.Mmap, 0, length, 3, 0x22, -1, 0); // PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS
        return address is < 0 and > -4096 ? null : (byte*)address;
    }

    /// <summary>The kernel's new_encode_dev: 12 bits of major, 20 of minor.</summary>
    internal static ulong Device(uint major, uint minor) => (minor & 0xff) | ((major & 0xfff) << 8) | ((ulong)(minor & ~0xffu) << 12);
}
