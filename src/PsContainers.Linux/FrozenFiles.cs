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
        try
        {
            using FileDescriptor? found = directory.StatusOf(name)?.Kind switch
            {
                FileKind.Directory => directory.OpenDirectory(name),
                FileKind.Regular => directory.OpenFile(name),
                _ => null,
            };
            if (found is not null)
            {
                TryThaw(found);
            }
        }
        catch (LinuxException)
        {
            // Whoever asked tries again, and then meets what was in the way before.
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
