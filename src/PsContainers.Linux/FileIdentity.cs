using Microsoft.Win32.SafeHandles;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Which file it is, whatever it is called: its device and inode number. statx(2)</summary>
public readonly unsafe record struct FileIdentity(uint DeviceMajor, uint DeviceMinor, ulong Inode)
{
    /// <summary>Null when there is nothing at the path.</summary>
    public static FileIdentity? Of(string path)
    {
        Libc.FileStatusExtended status;
        if (Libc.statx(Libc.AT_FDCWD_statx, path, Libc.AT_SYMLINK_NOFOLLOW_statx, Libc.STATX_INO, &status) < 0)
        {
            var error = LinuxException.Last(nameof(Libc.statx), path);
            return error.Errno is Errno.ENOENT or Errno.ENOTDIR ? null : throw error;
        }

        return Of(status);
    }

    public static FileIdentity Of(SafeFileHandle file)
    {
        Libc.FileStatusExtended status;
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            LinuxException.Check(
                Libc.statx((int)file.DangerousGetHandle(), "", Libc.AT_EMPTY_PATH, Libc.STATX_INO, &status),
                nameof(Libc.statx), "open file");
        }
        finally
        {
            if (isHeld)
            {
                file.DangerousRelease();
            }
        }

        return Of(status);
    }

    internal static FileIdentity Of(FileDescriptor file)
    {
        Libc.FileStatusExtended status;
        LinuxException.Check(
            Libc.statx(file.Number, "", Libc.AT_EMPTY_PATH, Libc.STATX_INO, &status), nameof(Libc.statx), "open file");
        return Of(status);
    }

    private static FileIdentity Of(Libc.FileStatusExtended status) => new(status.DeviceMajor, status.DeviceMinor, status.Inode);
}
