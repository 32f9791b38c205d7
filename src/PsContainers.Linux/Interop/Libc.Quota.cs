using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>ioctl_fs(2) as far as attributes and projects of files go, and quotactl_fd(2).</summary>
internal static unsafe partial class Libc
{
    internal const nuint FS_IOC_FSGETXATTR = 0x801c581f;
    internal const nuint FS_IOC_FSSETXATTR = 0x401c5820;
    internal const uint FS_XFLAG_IMMUTABLE = 0x8;
    internal const uint FS_XFLAG_APPEND = 0x10;
    internal const uint FS_XFLAG_PROJINHERIT = 0x200;
    internal const int PRJQUOTA = 2;
    internal const uint Q_GETQUOTA = 0x800007;
    internal const uint Q_SETQUOTA = 0x800008;
    internal const uint Q_XGETQSTATV = 0x5808;
    internal const uint QIF_BLIMITS = 1;
    internal const int FS_QUOTA_PDQ_ENFD = 0x20;
    internal const int FS_QSTATV_VERSION1 = 1;

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int ioctl_attributes(int fd, nuint request, FileAttributes* attributes);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long quotactl_fd(long number, int fd, uint cmd, uint id, void* addr);

    /// <summary>struct fsxattr.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 28)]
    internal struct FileAttributes
    {
        [FieldOffset(0)]
        internal uint Flags;

        [FieldOffset(12)]
        internal uint ProjectId;
    }

    /// <summary>struct if_dqblk.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 72)]
    internal struct QuotaBlock
    {
        // In units of 1024 bytes.
        [FieldOffset(0)]
        internal ulong HardLimit;

        [FieldOffset(8)]
        internal ulong SoftLimit;

        // In bytes.
        [FieldOffset(16)]
        internal ulong Used;

        [FieldOffset(40)]
        internal ulong UsedInodes;

        [FieldOffset(64)]
        internal uint Valid;
    }

    /// <summary>struct fs_quota_statv; only the fields that are used have names.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct QuotaState
    {
        [FieldOffset(0)]
        internal sbyte Version;

        [FieldOffset(2)]
        internal ushort Flags;
    }
}
