using System.Security.Cryptography;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>
/// Limits what a directory and everything below it takes of its file system: a project that nothing else belongs to, and its quota.
/// </summary>
/// <remarks>
/// On ext4 no limit holds a process with CAP_SYS_RESOURCE (ignore_hardlimit of fs/quota/dquot.c); a container has it only when told to.
/// quotactl(2), ioctl_fs(2), xfs_quota(8). quotactl_fd(2) is there from Linux 5.14 on.
/// </remarks>
public static unsafe class ProjectQuota
{
    // Below are the numbers that people write into /etc/projid.
    private const int LowestId = 0x40000000;
    private const int Attempts = 100;
    private const int Unit = 1024;

    /// <summary>Why no directory of this one's file system can be limited, with what it lacks; null when they can be.</summary>
    public static string? Refusal(string directory)
    {
        using var opened = DirectoryDescriptor.OpenFollowing(directory);
        Libc.QuotaState state = new() { Version = Libc.FS_QSTATV_VERSION1 };
        if (Call(Libc.Q_XGETQSTATV, opened, 0, &state) == Errno.None && (state.Flags & Libc.FS_QUOTA_PDQ_ENFD) != 0)
        {
            return null;
        }

        var mount = MountInfo.Of(opened.Status.MountId);
        var lacking = mount?.FileSystem switch
        {
            "xfs" => "it is mounted without the option pquota, or the kernel was built without quotas of xfs",
            "ext4" => "it lacks the feature project (tune2fs -O project,quota -Q prjquota), or is mounted without the option prjquota",
            _ => "it has no project quotas, as ext4 with the mount option prjquota and xfs with pquota have",
        };
        return $"the file system of {directory} ({mount?.FileSystem ?? "unknown"} on {mount?.MountPoint ?? "a mount that is gone"}) "
            + $"can't limit a directory: {lacking}";
    }

    /// <summary>Limits an empty directory, or changes the limit of one that is limited.</summary>
    /// <param name="bytes">Rounded up to 1024.</param>
    /// <exception cref="IOException">The file system can't do that, or the directory holds something that would not be counted.</exception>
    public static void Limit(string directory, long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        if (Refusal(directory) is { } refusal)
        {
            throw new IOException(refusal);
        }

        using var opened = DirectoryDescriptor.Open(directory);
        var id = OwnProject(directory, opened);
        if (id is null)
        {
            id = TakeProject(directory, opened);
        }

        // The directory has its project first: so whoever finds it after a crash knows what to give back.
        Set(opened, id.Value, (ulong)((bytes - 1) / Unit) + 1);
    }

    /// <summary>Takes the limit of a directory away, if it has one of its own. Its files stay, and stay counted.</summary>
    public static void Release(string directory)
    {
        using var opened = DirectoryDescriptor.Open(directory);
        if (OwnProject(directory, opened) is { } id)
        {
            Set(opened, id, 0);
        }
    }

    /// <summary>Null of a directory without a limit of its own.</summary>
    public static ProjectUsage? Usage(string directory)
    {
        using var opened = DirectoryDescriptor.Open(directory);
        return OwnProject(directory, opened) is { } id && Get(opened, id) is { HardLimit: > 0 } block
            ? new((long)block.Used, (long)block.HardLimit * Unit)
            : null;
    }

    // What somebody else's project passed on from above is not the directory's own.
    private static uint? OwnProject(string directory, DirectoryDescriptor opened)
    {
        if (TryAttributes(opened) is not { ProjectId: > 0 } own || (own.Flags & Libc.FS_XFLAG_PROJINHERIT) == 0)
        {
            return null;
        }

        using var parent = DirectoryDescriptor.OpenFollowing(Path.GetDirectoryName(Path.GetFullPath(directory)) ?? "/");
        return TryAttributes(parent)?.ProjectId == own.ProjectId ? null : own.ProjectId;
    }

    private static uint TakeProject(string directory, DirectoryDescriptor opened)
    {
        if (opened.Names().Count > 0)
        {
            throw new IOException($"{directory} is not empty: what is in it already would not count for a limit");
        }

        var attributes = TryAttributes(opened) ?? throw LinuxException.Last("ioctl", $"{directory}, FS_IOC_FSGETXATTR");
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            // By chance: sessions that choose at the same moment choose differently, without knowing of each other.
            var id = (uint)RandomNumberGenerator.GetInt32(LowestId, int.MaxValue);
            if (Get(opened, id) is { Used: 0, UsedInodes: 0, HardLimit: 0, SoftLimit: 0 })
            {
                attributes.ProjectId = id;
                attributes.Flags |= Libc.FS_XFLAG_PROJINHERIT;
                LinuxException.Check(
                    Libc.ioctl_attributes(opened.Number, Libc.FS_IOC_FSSETXATTR, &attributes), "ioctl", $"{directory}, FS_IOC_FSSETXATTR");
                return id;
            }
        }

        throw new IOException($"the file system of {directory} has no free project: {Attempts} numbers were tried");
    }

    // Null where the file system has no such attributes.
    private static Libc.FileAttributes? TryAttributes(DirectoryDescriptor directory)
    {
        Libc.FileAttributes attributes;
        return Libc.ioctl_attributes(directory.Number, Libc.FS_IOC_FSGETXATTR, &attributes) < 0 ? null : attributes;
    }

    private static Libc.QuotaBlock Get(DirectoryDescriptor directory, uint id)
    {
        Libc.QuotaBlock block = default;
        return Call(Libc.Q_GETQUOTA, directory, id, &block) switch
        {
            // xfs, of a project that nobody has used yet.
            Errno.None or Errno.ENOENT => block,
            var errno => throw new LinuxException("quotactl", $"project {id}, Q_GETQUOTA", errno),
        };
    }

    private static void Set(DirectoryDescriptor directory, uint id, ulong units)
    {
        Libc.QuotaBlock block = new() { HardLimit = units, SoftLimit = 0, Valid = Libc.QIF_BLIMITS };
        var errno = Call(Libc.Q_SETQUOTA, directory, id, &block);
        if (errno != Errno.None)
        {
            throw new LinuxException("quotactl", $"project {id}, Q_SETQUOTA", errno);
        }
    }

    // QCMD of linux/quota.h.
    private static Errno Call(uint command, DirectoryDescriptor directory, uint id, void* argument)
    {
        var result = Libc.quotactl_fd(SyscallNumber.QuotaCtlFd, directory.Number, (command << 8) | Libc.PRJQUOTA, id, argument);
        return result >= 0 ? Errno.None : (Errno)System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
    }
}
