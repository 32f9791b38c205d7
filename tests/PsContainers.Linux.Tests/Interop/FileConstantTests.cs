using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Tests.Interop;

public sealed class FileConstantTests
{
    [Fact]
    public void Constants_of_files_are_the_headers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        (string Name, long Value)[] constants =
        [
            ("AT_FDCWD", Libc.AT_FDCWD),
            ("AT_REMOVEDIR", Libc.AT_REMOVEDIR),
            ("AT_SYMLINK_NOFOLLOW", Libc.AT_SYMLINK_NOFOLLOW),
            ("O_CREAT", Libc.O_CREAT),
            ("O_EXCL", Libc.O_EXCL),
            ("O_NONBLOCK", Libc.O_NONBLOCK),
            ("O_RDONLY", Libc.O_RDONLY),
            ("O_WRONLY", Libc.O_WRONLY),
            ("O_DIRECTORY", Libc.O_DIRECTORY),
            ("O_NOFOLLOW", Libc.O_NOFOLLOW),
            ("RENAME_EXCHANGE", Libc.RENAME_EXCHANGE),
            ("RESOLVE_IN_ROOT", (long)Libc.RESOLVE_IN_ROOT),
            ("RESOLVE_NO_MAGICLINKS", (long)Libc.RESOLVE_NO_MAGICLINKS),
            ("STATX_BASIC_STATS", Libc.STATX_BASIC_STATS),
            ("STATX_MNT_ID", Libc.STATX_MNT_ID),
            ("FICLONE", (long)Libc.FICLONE),
            ("SEEK_SET", Libc.SEEK_SET),
            ("SEEK_DATA", Libc.SEEK_DATA),
            ("SEEK_HOLE", Libc.SEEK_HOLE),
            .. Enum.GetValues<FileKind>().Select(kind => (Macro(kind), (long)kind)),
        ];

        CompilerCheck.AssertCompiles(
            "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <stdio.h>\n#include <unistd.h>\n"
            + "#include <sys/stat.h>\n#include <linux/openat2.h>\n#include <linux/fs.h>\n"
            + string.Concat(constants.Select(c => $"_Static_assert({c.Name} == {c.Value}, \"{c.Name}\");\n")));
    }

    [Fact]
    public unsafe void Constants_and_layouts_of_quotas_and_loop_devices_are_the_headers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        (string Name, long Value)[] constants =
        [
            ("FS_IOC_FSGETXATTR", (long)Libc.FS_IOC_FSGETXATTR),
            ("FS_IOC_FSSETXATTR", (long)Libc.FS_IOC_FSSETXATTR),
            ("FS_XFLAG_IMMUTABLE", Libc.FS_XFLAG_IMMUTABLE),
            ("FS_XFLAG_APPEND", Libc.FS_XFLAG_APPEND),
            ("FS_XFLAG_PROJINHERIT", Libc.FS_XFLAG_PROJINHERIT),
            ("PRJQUOTA", Libc.PRJQUOTA),
            ("Q_GETQUOTA", Libc.Q_GETQUOTA),
            ("Q_SETQUOTA", Libc.Q_SETQUOTA),
            ("Q_XGETQSTATV", Libc.Q_XGETQSTATV),
            ("QIF_BLIMITS", Libc.QIF_BLIMITS),
            ("FS_QUOTA_PDQ_ENFD", Libc.FS_QUOTA_PDQ_ENFD),
            ("FS_QSTATV_VERSION1", Libc.FS_QSTATV_VERSION1),
            ("QIF_DQBLKSIZE", 1024),
            ("sizeof(struct fsxattr)", sizeof(Libc.FileAttributes)),
            ("offsetof(struct fsxattr, fsx_xflags)", Offset<Libc.FileAttributes>(nameof(Libc.FileAttributes.Flags))),
            ("offsetof(struct fsxattr, fsx_projid)", Offset<Libc.FileAttributes>(nameof(Libc.FileAttributes.ProjectId))),
            ("sizeof(struct if_dqblk)", sizeof(Libc.QuotaBlock)),
            ("offsetof(struct if_dqblk, dqb_bhardlimit)", Offset<Libc.QuotaBlock>(nameof(Libc.QuotaBlock.HardLimit))),
            ("offsetof(struct if_dqblk, dqb_bsoftlimit)", Offset<Libc.QuotaBlock>(nameof(Libc.QuotaBlock.SoftLimit))),
            ("offsetof(struct if_dqblk, dqb_curspace)", Offset<Libc.QuotaBlock>(nameof(Libc.QuotaBlock.Used))),
            ("offsetof(struct if_dqblk, dqb_curinodes)", Offset<Libc.QuotaBlock>(nameof(Libc.QuotaBlock.UsedInodes))),
            ("offsetof(struct if_dqblk, dqb_valid)", Offset<Libc.QuotaBlock>(nameof(Libc.QuotaBlock.Valid))),
            ("LOOP_CTL_GET_FREE", (long)Libc.LOOP_CTL_GET_FREE),
            ("LOOP_CONFIGURE", (long)Libc.LOOP_CONFIGURE),
            ("LO_FLAGS_READ_ONLY", Libc.LO_FLAGS_READ_ONLY),
            ("LO_FLAGS_AUTOCLEAR", Libc.LO_FLAGS_AUTOCLEAR),
            ("sizeof(struct loop_config)", sizeof(Libc.LoopConfiguration)),
            ("offsetof(struct loop_config, fd)", Offset<Libc.LoopConfiguration>(nameof(Libc.LoopConfiguration.FileDescriptor))),
            ("offsetof(struct loop_config, info.lo_flags)", Offset<Libc.LoopConfiguration>(nameof(Libc.LoopConfiguration.Flags))),
            ("offsetof(struct fs_quota_statv, qs_flags)", Offset<Libc.QuotaState>(nameof(Libc.QuotaState.Flags))),
        ];

        CompilerCheck.AssertCompiles(
            "#include <stddef.h>\n#include <linux/fs.h>\n#include <linux/quota.h>\n#include <linux/dqblk_xfs.h>\n#include <linux/loop.h>\n"
            + $"_Static_assert(sizeof(struct fs_quota_statv) <= {sizeof(Libc.QuotaState)}, \"fs_quota_statv\");\n"
            + string.Concat(constants.Select(c => $"_Static_assert({c.Name} == {c.Value}, \"{c.Name}\");\n")));
    }

    [Fact]
    public void Constants_of_mounts_are_the_headers()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        (string Name, long Value)[] constants =
        [
            ("FSCONFIG_CMD_CREATE", Libc.FSCONFIG_CMD_CREATE),
            ("FSCONFIG_SET_STRING", Libc.FSCONFIG_SET_STRING),
            ("FSMOUNT_CLOEXEC", Libc.FSMOUNT_CLOEXEC),
            ("FSOPEN_CLOEXEC", Libc.FSOPEN_CLOEXEC),
            ("MNT_DETACH", Libc.MNT_DETACH),
            ("MOUNT_ATTR_RDONLY", Libc.MOUNT_ATTR_RDONLY),
            ("MOVE_MOUNT_F_EMPTY_PATH", Libc.MOVE_MOUNT_F_EMPTY_PATH),
            ("MS_RDONLY", (long)Libc.MS_RDONLY),
            ("UMOUNT_NOFOLLOW", Libc.UMOUNT_NOFOLLOW),
            ("MS_RDONLY", (long)HostMountFlags.ReadOnly),
            ("MS_NOSUID", (long)HostMountFlags.NoSuid),
            ("MS_NODEV", (long)HostMountFlags.NoDev),
            ("MS_NOEXEC", (long)HostMountFlags.NoExec),
            ("MS_SYNCHRONOUS", (long)HostMountFlags.Synchronous),
            ("MS_MANDLOCK", (long)HostMountFlags.MandatoryLocks),
            ("MS_DIRSYNC", (long)HostMountFlags.DirSync),
            ("MS_NOSYMFOLLOW", (long)HostMountFlags.NoSymFollow),
            ("MS_NOATIME", (long)HostMountFlags.NoATime),
            ("MS_NODIRATIME", (long)HostMountFlags.NoDirATime),
            ("MS_SILENT", (long)HostMountFlags.Silent),
            ("MS_RELATIME", (long)HostMountFlags.RelATime),
            ("MS_I_VERSION", (long)HostMountFlags.Version),
            ("MS_STRICTATIME", (long)HostMountFlags.StrictATime),
            ("MS_LAZYTIME", (long)HostMountFlags.LazyTime),
        ];

        CompilerCheck.AssertCompiles(
            "#include <sys/mount.h>\n" + string.Concat(constants.Select(c => $"_Static_assert({c.Name} == {c.Value}, \"{c.Name}\");\n")));
    }

    [Fact]
    public void Struct_statx_is_laid_out_as_the_header_says()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gcc"), "gcc is not installed");
        (string Field, string Ours)[] fields =
        [
            ("stx_nlink", nameof(Libc.StatxBuffer.LinkCount)),
            ("stx_uid", nameof(Libc.StatxBuffer.UserId)),
            ("stx_gid", nameof(Libc.StatxBuffer.GroupId)),
            ("stx_mode", nameof(Libc.StatxBuffer.Mode)),
            ("stx_ino", nameof(Libc.StatxBuffer.Inode)),
            ("stx_size", nameof(Libc.StatxBuffer.Size)),
            ("stx_mtime.tv_sec", nameof(Libc.StatxBuffer.ModifiedSeconds)),
            ("stx_mtime.tv_nsec", nameof(Libc.StatxBuffer.ModifiedNanoseconds)),
            ("stx_rdev_major", nameof(Libc.StatxBuffer.NodeMajor)),
            ("stx_rdev_minor", nameof(Libc.StatxBuffer.NodeMinor)),
            ("stx_dev_major", nameof(Libc.StatxBuffer.DeviceMajor)),
            ("stx_dev_minor", nameof(Libc.StatxBuffer.DeviceMinor)),
            ("stx_mnt_id", nameof(Libc.StatxBuffer.MountId)),
        ];

        CompilerCheck.AssertCompiles("#define _GNU_SOURCE\n#include <stddef.h>\n#include <linux/stat.h>\n" + string.Concat(fields.Select(
            f => $"_Static_assert(offsetof(struct statx, {f.Field}) == {Marshal.OffsetOf<Libc.StatxBuffer>(f.Ours)}, \"{f.Field}\");\n")));
    }

    private static string Macro(FileKind kind) => kind switch
    {
        FileKind.Fifo => "S_IFIFO",
        FileKind.CharacterDevice => "S_IFCHR",
        FileKind.Directory => "S_IFDIR",
        FileKind.BlockDevice => "S_IFBLK",
        FileKind.Regular => "S_IFREG",
        FileKind.SymbolicLink => "S_IFLNK",
        _ => "S_IFSOCK",
    };

    private static long Offset<T>(string field) => (long)Marshal.OffsetOf<T>(field);
}
