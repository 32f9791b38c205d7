namespace PsContainers.Linux;

/// <summary>Flags of mount(2) for <see cref="HostMount"/>, with the kernel's name behind each.</summary>
[Flags]
public enum HostMountFlags
{
    None = 0,
    ReadOnly = 1 << 0, // MS_RDONLY
    NoSuid = 1 << 1, // MS_NOSUID
    NoDev = 1 << 2, // MS_NODEV
    NoExec = 1 << 3, // MS_NOEXEC
    Synchronous = 1 << 4, // MS_SYNCHRONOUS
    MandatoryLocks = 1 << 6, // MS_MANDLOCK
    DirSync = 1 << 7, // MS_DIRSYNC
    NoSymFollow = 1 << 8, // MS_NOSYMFOLLOW
    NoATime = 1 << 10, // MS_NOATIME
    NoDirATime = 1 << 11, // MS_NODIRATIME
    Silent = 1 << 15, // MS_SILENT
    RelATime = 1 << 21, // MS_RELATIME
    Version = 1 << 23, // MS_I_VERSION
    StrictATime = 1 << 24, // MS_STRICTATIME
    LazyTime = 1 << 25, // MS_LAZYTIME
}
