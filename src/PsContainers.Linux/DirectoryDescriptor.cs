using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>An open directory; names are taken relative to it and a symbolic link as last part of a name is never followed.</summary>
/// <remarks>Only <see cref="OpenInRoot"/> takes paths of several parts; everything else wants one name.</remarks>
public sealed unsafe partial class DirectoryDescriptor : FileDescriptor
{
    /// <summary>PATH_MAX: what is longer no user could write either.</summary>
    internal const int MaximumPath = 4096;

    private const int ResolveTries = 10_000;

    private readonly string _path;
    private int _mount = -1;

    private DirectoryDescriptor(string path) => _path = path;

    /// <summary>What errors call it.</summary>
    internal string ShownPath => _path;

    private static int Flags => Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;

    public FileStat Status
    {
        get
        {
            Libc.StatxBuffer status;
            LinuxException.Check(
                Libc.statx_name(Number, "", Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS | Libc.STATX_MNT_ID, &status), "statx", _path);
            return FileStat.Of(status);
        }
    }

    /// <summary>Opens by an ordinary path, whose last part may not be a symbolic link.</summary>
    public static DirectoryDescriptor Open(string path) => Open(path, Flags);

    /// <summary>Opens by a path that the user gave: its last part may be a link too, for it is the user's own.</summary>
    public static DirectoryDescriptor OpenFollowing(string path) => Open(path, Flags & ~Libc.O_NOFOLLOW);

    public DirectoryDescriptor OpenDirectory(string name)
    {
        var directory = new DirectoryDescriptor(Of(name));
        directory.Adopt(LinuxException.Check(Libc.openat(Number, name, Flags, 0), nameof(Libc.openat), Of(name)));
        return directory;
    }

    /// <summary>Opens the directory that a path means to a process whose root is this directory; null when nothing is there.</summary>
    /// <param name="followsLinks">Otherwise a symbolic link on the way is ELOOP.</param>
    /// <remarks>openat2(2): symbolic links are followed, but neither they nor `..` lead out, and /proc's magic links are refused.</remarks>
    public DirectoryDescriptor? OpenInRoot(string path, bool followsLinks = true)
    {
        var directory = new DirectoryDescriptor(Of(path));
        var how = new Libc.OpenHow
        {
            Flags = (uint)(Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC),
            Resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS | (followsLinks ? 0 : Libc.RESOLVE_NO_SYMLINKS),
        };
        for (var tries = 1; ; tries++)
        {
            var number = Libc.openat2(SyscallNumber.Openat2, Number, path, &how, (nuint)sizeof(Libc.OpenHow));
            if (number >= 0)
            {
                directory.Adopt((int)number);
                return directory;
            }

            var error = LinuxException.Last(nameof(Libc.openat2), Of(path));
            switch (error.Errno)
            {
                // A rename somewhere raced with the walk. Whoever does nothing else must not keep us for ever.
                case Errno.EAGAIN when tries < ResolveTries:
                    continue;
                case Errno.ENOENT:
                    return null;
                default:
                    throw error;
            }
        }
    }

    /// <summary>Whether a path leads to anything for a process whose root is this directory.</summary>
    public bool ExistsInRoot(string path)
    {
        var how = new Libc.OpenHow
        {
            Flags = (uint)(Libc.O_PATH | Libc.O_CLOEXEC),
            Resolve = Libc.RESOLVE_IN_ROOT | Libc.RESOLVE_NO_MAGICLINKS,
        };
        var number = Libc.openat2(SyscallNumber.Openat2, Number, path, &how, (nuint)sizeof(Libc.OpenHow));
        if (number < 0)
        {
            return false;
        }

        Libc.close((int)number);
        return true;
    }

    /// <summary>Opens a file to read. A fifo or device that took its place does not make the call wait.</summary>
    public OpenFile OpenFile(string name)
    {
        var file = new OpenFile(Of(name));
        var flags = Libc.O_RDONLY | Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
        file.Adopt(LinuxException.Check(Libc.openat(Number, name, flags, 0), nameof(Libc.openat), Of(name)));
        return file;
    }

    /// <summary>Makes a file for its owner alone; null when the name is taken.</summary>
    public OpenFile? TryCreateFile(string name)
    {
        var file = new OpenFile(Of(name));
        var flags = Libc.O_WRONLY | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC;
        var number = Libc.openat(Number, name, flags, 0x180);
        if (number < 0 && (Errno)Marshal.GetLastPInvokeError() == Errno.EEXIST)
        {
            return null;
        }

        file.Adopt(LinuxException.Check(number, nameof(Libc.openat), Of(name)));
        return file;
    }

    /// <summary>The names in the directory, without `.` and `..`, in the kernel's order.</summary>
    public List<string> Names()
    {
        using var entries = new DirectoryEntries(this, 0);
        var names = new List<string>();
        while (entries.Next() is { } name)
        {
            names.Add(name);
        }

        return names;
    }

    /// <summary>Whether there is no name in it; of a large one only the beginning is read.</summary>
    public bool IsEmpty()
    {
        const int Bytes = 1024; // more than `.`, `..` and one more name
        var buffer = stackalloc byte[Bytes];
        LinuxException.Check(Libc.lseek(Number, 0, Libc.SEEK_SET), nameof(Libc.lseek), _path);
        var filled = LinuxException.Check(
            Libc.getdents64(SyscallNumber.GetDents64, Number, buffer, Bytes), nameof(Libc.getdents64), _path);
        var names = 0;
        for (var at = 0; at < filled; at += *(ushort*)(buffer + at + 16))
        {
            names++;
        }

        return names <= 2;
    }

    /// <summary>Writes everything of the file system that the directory is on to its disk. syncfs(2)</summary>
    public void SynchronizeFileSystem() => LinuxException.Check(Libc.syncfs(Number), nameof(Libc.syncfs), _path);

    /// <summary>Makes renames in the directory outlast a power failure. fsync(2)</summary>
    public void Synchronize() => LinuxException.Check(Libc.fsync(Number), nameof(Libc.fsync), _path);

    /// <summary>Opens the top of a mount that is attached nowhere, and holds the mount, too.</summary>
    /// <param name="path">What errors call it.</param>
    /// <remarks>
    /// Without its own descriptor the kernel takes the mount apart: files are still there, but openat2(2) with RESOLVE_IN_ROOT then says
    /// EAGAIN for `/..`, for ever (seen with Linux 6.18).
    /// </remarks>
    internal static DirectoryDescriptor OpenMount(int mount, string path)
    {
        var directory = new DirectoryDescriptor(path);
        directory.Adopt(LinuxException.Check(Libc.openat(mount, ".", Flags, 0), nameof(Libc.openat), path));
        directory._mount = LinuxException.Check(Libc.fcntl(mount, Libc.F_DUPFD_CLOEXEC, 0), nameof(Libc.fcntl), path);
        return directory;
    }

    /// <summary>Opens the directory that this one is in, as long as it is the one that was expected; null when it is another.</summary>
    internal DirectoryDescriptor? OpenParent(FileIdentity expected, string path)
    {
        var parent = new DirectoryDescriptor(path);
        parent.Adopt(LinuxException.Check(Libc.openat(Number, "..", Flags, 0), nameof(Libc.openat), path));
        if (parent.Status.Identity == expected)
        {
            return parent;
        }

        parent.Dispose();
        return null;
    }

    protected override bool ReleaseHandle()
    {
        if (_mount >= 0)
        {
            Libc.close(_mount);
        }

        return base.ReleaseHandle();
    }

    private static DirectoryDescriptor Open(string path, int flags)
    {
        var directory = new DirectoryDescriptor(path);
        directory.Adopt(LinuxException.Check(Libc.openat(Libc.AT_FDCWD, path, flags, 0), nameof(Libc.openat), path));
        return directory;
    }

    // What a tree that is nested without end is called must not grow without end.
    private string Of(string name) => _path.Length <= MaximumPath ? $"{_path}/{name}" : $"{_path[..(MaximumPath / 2)]}/\u2026/{name}";
}
