using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>ioctl_ficlone(2), copy_file_range(2).</summary>
internal static unsafe partial class Libc
{
    internal const nuint FICLONE = 0x40049409;

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int ioctl_ficlone(int dest_fd, nuint request, int src_fd);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint copy_file_range(int fd_in, long* off_in, int fd_out, long* off_out, nuint len, uint flags);
}
