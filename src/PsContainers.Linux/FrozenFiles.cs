using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Files that nobody may change or remove, not even root: chattr(1), `i` and `a`.</summary>
internal static unsafe class FrozenFiles
{
    private const uint Frozen = Libc.FS_XFLAG_IMMUTABLE | Libc.FS_XFLAG_APPEND;

    /// <summary>Makes a directory and a name in it ordinary again, where they are frozen and we may. No link is followed.</summary>
    internal static void Thaw(DirectoryDescriptor directory, string name)
    {
        TryThaw(directory);
        switch (directory.StatusOf(name)?.Kind)
        {
            case FileKind.Directory:
                using (var child = directory.OpenDirectory(name))
                {
                    TryThaw(child);
                }

                break;
            case FileKind.Regular:
                using (var file = directory.OpenFile(name))
                {
                    TryThaw(file);
                }

                break;
            default:
                break;
        }
    }

    private static void TryThaw(FileDescriptor file)
    {
        Libc.FileAttributes attributes;
        if (Libc.ioctl_attributes(file.Number, Libc.FS_IOC_FSGETXATTR, &attributes) >= 0 && (attributes.Flags & Frozen) != 0)
        {
            attributes.Flags &= ~Frozen;
            _ = Libc.ioctl_attributes(file.Number, Libc.FS_IOC_FSSETXATTR, &attributes);
        }
    }
}
