using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Container;

/// <summary>Opens files of a procfs that is known to be one, before the pivot: never of a /proc that a container brought.</summary>
/// <remarks>
/// CVE-2019-16884 and CVE-2025-52881: with a mount over /proc or below it, what was meant for the kernel went into a file of the image.
/// So the root must be procfs's own root, and the way down from it may cross no mount.
/// </remarks>
internal static unsafe class ProcFile
{
    private const ulong ProcMagic = 0x9fa0; // PROC_SUPER_MAGIC
    private const ulong RootInode = 1; // PROC_ROOT_INO
    private const uint Attributes = 0x2 | 0x4 | 0x8; // MOUNT_ATTR_NOSUID | NODEV | NOEXEC
    private const ulong Resolve = Kernel.RESOLVE_BENEATH | Kernel.RESOLVE_NO_XDEV | Kernel.RESOLVE_NO_MAGICLINKS;

    /// <summary>Opens a path such as `self/oom_score_adj`, relative to the root of procfs.</summary>
    internal static int Open(byte* path, int flags)
    {
        var root = Verified(Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/proc"u8), Kernel.O_PATH | Kernel.O_DIRECTORY));
        var fd = OpenBelow(root, path, flags);
        if (fd >= 0)
        {
            return fd;
        }

        // Something lies over it, or it shows another pid namespace, or it is read-only: an instance of its own has none of that.
        var own = OpenBelow(OpenInstance(), path, flags);
        return own >= 0 ? own : fd;
    }

    /// <summary>Writes a text into a file in one piece, as the kernel wants a setting.</summary>
    internal static int Write(byte* path, byte* value)
    {
        var fd = Open(path, Kernel.O_WRONLY);
        if (fd < 0)
        {
            return fd;
        }

        var result = Kernel.Write(fd, value, Kernel.Length(value));
        Kernel.Close(fd);
        return result < 0 ? (int)result : 0;
    }

    // Closes the root.
    private static int OpenBelow(int root, byte* path, int flags)
    {
        if (root < 0)
        {
            return root;
        }

        var fd = Kernel.OpenResolved(root, path, flags, Resolve);
        Kernel.Close(root);
        return fd;
    }

    private static int Verified(int root)
    {
        if (root < 0)
        {
            return root;
        }

        if (Kernel.FileSystemType(root, out var type) >= 0 && type == ProcMagic
            && Kernel.Status(root, out var status) >= 0 && status.Inode == RootInode)
        {
            return root;
        }

        Kernel.Close(root);
        return -(int)Errno.EXDEV;
    }

    private static int OpenInstance()
    {
        var fs = Kernel.OpenFileSystem(Kernel.Literal("proc"u8));
        if (fs < 0)
        {
            return fs;
        }

        var result = Kernel.Configure(fs, Kernel.FSCONFIG_CMD_CREATE, null, null);
        result = result < 0 ? result : Kernel.MountFileSystem(fs, Attributes);
        Kernel.Close(fs);
        return result;
    }
}
