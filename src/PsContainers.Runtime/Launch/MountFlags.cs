namespace PsContainers.Runtime.Launch;

/// <summary>Flags of mount(2), with the kernel's name behind each.</summary>
[Flags]
public enum MountFlags : ulong
{
    None = 0,
    ReadOnly = 1 << 0, // MS_RDONLY
    NoSuid = 1 << 1, // MS_NOSUID
    NoDev = 1 << 2, // MS_NODEV
    NoExec = 1 << 3, // MS_NOEXEC
    Synchronous = 1 << 4, // MS_SYNCHRONOUS
    Remount = 1 << 5, // MS_REMOUNT
    MandatoryLocks = 1 << 6, // MS_MANDLOCK
    DirSync = 1 << 7, // MS_DIRSYNC
    NoSymFollow = 1 << 8, // MS_NOSYMFOLLOW
    NoATime = 1 << 10, // MS_NOATIME
    NoDirATime = 1 << 11, // MS_NODIRATIME
    Bind = 1 << 12, // MS_BIND
    Recursive = 1 << 14, // MS_REC
    Silent = 1 << 15, // MS_SILENT
    Unbindable = 1 << 17, // MS_UNBINDABLE
    Private = 1 << 18, // MS_PRIVATE
    Slave = 1 << 19, // MS_SLAVE
    Shared = 1 << 20, // MS_SHARED
    RelATime = 1 << 21, // MS_RELATIME
    Version = 1 << 23, // MS_I_VERSION
    StrictATime = 1 << 24, // MS_STRICTATIME
    LazyTime = 1 << 25, // MS_LAZYTIME
}

/// <summary>Attributes of mount_setattr(2), with the kernel's name behind each.</summary>
[Flags]
public enum MountAttributes : ulong
{
    None = 0,
    ReadOnly = 0x1, // MOUNT_ATTR_RDONLY
    NoSuid = 0x2, // MOUNT_ATTR_NOSUID
    NoDev = 0x4, // MOUNT_ATTR_NODEV
    NoExec = 0x8, // MOUNT_ATTR_NOEXEC

    // Not bits but a field of three values, of which relatime is 0: to set one, the whole field must be cleared.
    NoATime = 0x10, // MOUNT_ATTR_NOATIME
    StrictATime = 0x20, // MOUNT_ATTR_STRICTATIME
    ATime = 0x70, // MOUNT_ATTR__ATIME
    NoDirATime = 0x80, // MOUNT_ATTR_NODIRATIME
    NoSymFollow = 0x200000, // MOUNT_ATTR_NOSYMFOLLOW
}

/// <summary>Namespace flags of clone(2), with the kernel's name behind each.</summary>
[Flags]
public enum CloneFlags : ulong
{
    None = 0,
    Time = 0x00000080, // CLONE_NEWTIME
    Mount = 0x00020000, // CLONE_NEWNS
    Cgroup = 0x02000000, // CLONE_NEWCGROUP
    Uts = 0x04000000, // CLONE_NEWUTS
    Ipc = 0x08000000, // CLONE_NEWIPC
    User = 0x10000000, // CLONE_NEWUSER
    Pid = 0x20000000, // CLONE_NEWPID
    Network = 0x40000000, // CLONE_NEWNET
}
