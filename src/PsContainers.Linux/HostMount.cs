using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>File systems and directories mounted in the mount namespace of this process, and what is mounted there.</summary>
public static unsafe class HostMount
{
    /// <summary>mount(2) takes a page of options, with the NUL behind them.</summary>
    public const int LongestData = 4095;

    /// <summary>Mounts a file system. What is mounted below it later stays in this mount namespace.</summary>
    /// <param name="data">The file system's own options; never part of a message, for there are passwords in it.</param>
    public static void Attach(string type, string source, string target, HostMountFlags flags, string data)
    {
        var result = Libc.mount(source, target, type, (nuint)(uint)flags, data);
        LinuxException.Check(result, nameof(Libc.mount), $"{source} on {target}, type {type}");
        SetPrivate(target);
    }

    /// <summary>Shows a directory or file at another place too, with further restrictions; the two do not share later mounts.</summary>
    /// <param name="isRecursive">With what is mounted below it; the restrictions go for that as well.</param>
    public static void Bind(string source, string target, HostMountFlags flags, bool isRecursive)
    {
        var bind = (nuint)(Kernel.MS_BIND | (isRecursive ? Kernel.MS_REC : 0));
        LinuxException.Check(Libc.mount(source, target, "none", bind, ""), nameof(Libc.mount), $"{source} on {target}, bind");
        SetPrivate(target);
        if (flags != HostMountFlags.None)
        {
            Restrict(target, flags, isRecursive);
        }
    }

    /// <summary>Takes the topmost mount off a directory; false when nothing is mounted there.</summary>
    /// <param name="lazily">Whether those that still use it may keep it.</param>
    public static bool TryDetach(string target, bool lazily)
    {
        if (Libc.umount2(target, Libc.UMOUNT_NOFOLLOW | (lazily ? Libc.MNT_DETACH : 0)) >= 0)
        {
            return true;
        }

        var failure = LinuxException.Last(nameof(Libc.umount2), target);
        return failure.Errno is Errno.EINVAL or Errno.ENOENT ? false : throw failure;
    }

    /// <summary>Takes off everything that is mounted on a directory; lazily only what somebody still has open files on.</summary>
    public static void DetachAll(string target)
    {
        while (IsMountPoint(target))
        {
            // Mounts below would otherwise be taken from those that they are shared with.
            SetPrivate(target);
            if (Libc.umount2(target, Libc.UMOUNT_NOFOLLOW) < 0)
            {
                LinuxException.Check(Libc.umount2(target, Libc.UMOUNT_NOFOLLOW | Libc.MNT_DETACH), nameof(Libc.umount2), target);
            }
        }
    }

    /// <remarks>By the kernel's list: to ask the directory itself could mean to wait for a server that is gone.</remarks>
    public static bool IsMountPoint(string directory)
    {
        return RealPath(directory) is { } path && MountInfo.OfSelf().Any(mount => mount.MountPoint == path);
    }

    /// <summary>A place at or below a directory on which something is mounted; null when there is none.</summary>
    public static string? FindAtOrBelow(string directory)
    {
        return RealPath(directory) is not { } path ? null : MountInfo.OfSelf()
            .Select(mount => mount.MountPoint)
            .FirstOrDefault(point => point == path || point.StartsWith($"{path}/", StringComparison.Ordinal));
    }

    private static void SetPrivate(string target) => LinuxException.Check(
        Libc.mount("none", target, "none", (nuint)(Kernel.MS_PRIVATE | Kernel.MS_REC), ""), nameof(Libc.mount), $"{target}, private");

    // mount_setattr(2): mount(2) with MS_REMOUNT would take away what restricts the source.
    private static void Restrict(string target, HostMountFlags flags, bool isRecursive)
    {
        var (set, clear) = AttributesOf(flags);
        int result;
        fixed (byte* path = System.Text.Encoding.UTF8.GetBytes(target + "\0"))
        {
            result = Kernel.SetMountAttributes(Libc.AT_FDCWD, path, isRecursive ? Kernel.AT_RECURSIVE : 0, set, clear, 0);
        }

        if (result < 0)
        {
            throw new LinuxException("mount_setattr", target, (Errno)(-result));
        }
    }

    // MOUNT_ATTR_ of mount_setattr(2). The access times are one field of three values.
    private static (ulong Set, ulong Clear) AttributesOf(HostMountFlags flags)
    {
        const ulong accessTimes = 0x70;
        var set = (ulong)(flags & (HostMountFlags.ReadOnly | HostMountFlags.NoSuid | HostMountFlags.NoDev | HostMountFlags.NoExec));
        set |= flags.HasFlag(HostMountFlags.NoDirATime) ? 0x80UL : 0;
        set |= flags.HasFlag(HostMountFlags.NoSymFollow) ? 0x200000UL : 0;
        return (flags & (HostMountFlags.NoATime | HostMountFlags.StrictATime | HostMountFlags.RelATime)) switch
        {
            HostMountFlags.None => (set, 0),
            HostMountFlags.NoATime => (set | 0x10, accessTimes),
            HostMountFlags.StrictATime => (set | 0x20, accessTimes),
            _ => (set, accessTimes),
        };
    }

    // The last part of the path is taken as it is, for it may be what is mounted on; null when there is no way to it.
    private static string? RealPath(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            using var parent = DirectoryDescriptor.OpenFollowing(Path.GetDirectoryName(full)!);
            var real = parent.ReadRealPath();
            return real == "/" ? $"/{Path.GetFileName(full)}" : $"{real}/{Path.GetFileName(full)}";
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return null;
        }
    }
}
