using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Names made, asked about and removed.</summary>
public sealed unsafe partial class DirectoryDescriptor
{
    /// <summary>What the name stands for; null when nothing has it.</summary>
    public FileStat? StatusOf(string name)
    {
        Libc.StatxBuffer status;
        if (Libc.statx_name(Number, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID, &status) >= 0)
        {
            return FileStat.Of(status);
        }

        return (Errno)Marshal.GetLastPInvokeError() == Errno.ENOENT ? null : throw LinuxException.Last("statx", Of(name));
    }

    /// <summary>False when the name is taken.</summary>
    public bool TryMakeDirectory(string name, int mode) => Made(Libc.mkdirat(Number, name, (uint)mode), nameof(Libc.mkdirat), name);

    public bool TryMakeSymbolicLink(string name, string target) =>
        Made(Libc.symlinkat(target, Number, name), nameof(Libc.symlinkat), name);

    /// <summary>Makes a fifo or a device node. mknod(2)</summary>
    public bool TryMakeNode(string name, FileKind kind, uint major = 0, uint minor = 0) =>
        Made(Libc.mknodat(Number, name, (uint)kind | 0x180, DeviceNumber(major, minor)), nameof(Libc.mknodat), name);

    /// <summary>Gives a file one more name; a symbolic link gets the name itself, not what it points to.</summary>
    public bool TryLink(string name, DirectoryDescriptor targetDirectory, string target) =>
        Made(Libc.linkat(targetDirectory.Number, target, Number, name, 0), nameof(Libc.linkat), name);

    public string ReadSymbolicLink(string name)
    {
        var buffer = stackalloc byte[4096];
        var length = LinuxException.Check(Libc.readlinkat(Number, name, buffer, 4096), nameof(Libc.readlinkat), Of(name));
        return FileName.Decode(new ReadOnlySpan<byte>(buffer, (int)length));
    }

    /// <summary>Where it is, without links; ENAMETOOLONG where that has more than 4095 bytes. proc_pid_fd(5)</summary>
    public string ReadRealPath() => ReadSymbolicLink($"/proc/self/fd/{Number}");

    public void Rename(string name, DirectoryDescriptor newDirectory, string newName) =>
        LinuxException.Check(Libc.renameat(Number, name, newDirectory.Number, newName), nameof(Libc.renameat), Of(name));

    /// <summary>Moves a name into another directory; false when that has one of the same.</summary>
    public bool TryMove(string name, DirectoryDescriptor newDirectory)
    {
        if (Libc.renameat2(Number, name, newDirectory.Number, name, Libc.RENAME_NOREPLACE) >= 0)
        {
            return true;
        }

        var failure = LinuxException.Last(nameof(Libc.renameat2), Of(name));
        switch (failure.Errno)
        {
            case Errno.EEXIST:
                return false;
            case Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP when newDirectory.StatusOf(name) is not null:
                return false;
            case Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP:
                // A file system without the flag, some of those of networks.
                Rename(name, newDirectory, name);
                return true;
            default:
                throw failure;
        }
    }

    /// <summary>Has two names of this directory change places in one step; false where the file system cannot.</summary>
    public bool TryExchange(string name, string other)
    {
        if (Libc.renameat2(Number, name, Number, other, Libc.RENAME_EXCHANGE) >= 0)
        {
            return true;
        }

        var failure = LinuxException.Last(nameof(Libc.renameat2), Of(name));
        return failure.Errno is Errno.EINVAL or Errno.ENOSYS or Errno.EOPNOTSUPP ? false : throw failure;
    }

    /// <summary>Removes a name that is not a directory; false when it is one.</summary>
    public bool TryRemoveFile(string name)
    {
        if (Libc.unlinkat(Number, name, 0) >= 0)
        {
            return true;
        }

        return (Errno)Marshal.GetLastPInvokeError() == Errno.EISDIR ? false : throw LinuxException.Last(nameof(Libc.unlinkat), Of(name));
    }

    public void RemoveEmptyDirectory(string name) =>
        LinuxException.Check(Libc.unlinkat(Number, name, Libc.AT_REMOVEDIR), nameof(Libc.unlinkat), Of(name));

    // makedev(3): the C library's packing of the two numbers into dev_t.
    private static ulong DeviceNumber(uint major, uint minor) =>
        ((major & 0xfffff000UL) << 32) | ((major & 0xfffUL) << 8) | ((minor & 0xffffff00UL) << 12) | (minor & 0xffUL);

    private bool Made(int result, string call, string name)
    {
        if (result >= 0)
        {
            return true;
        }

        return (Errno)Marshal.GetLastPInvokeError() == Errno.EEXIST ? false : throw LinuxException.Last(call, Of(name));
    }
}
