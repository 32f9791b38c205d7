using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PsContainers.Linux.Interop;

/// <summary>mount(2), umount2(2), fsopen(2), fsconfig(2), fsmount(2), move_mount(2).</summary>
internal static unsafe partial class Libc
{
    internal const int FSCONFIG_CMD_CREATE = 6;
    internal const int FSCONFIG_SET_STRING = 1;
    internal const int FSMOUNT_CLOEXEC = 1;
    internal const int FSOPEN_CLOEXEC = 1;
    internal const int MNT_DETACH = 2;
    internal const int MOUNT_ATTR_RDONLY = 1;
    internal const int MOVE_MOUNT_F_EMPTY_PATH = 4;
    internal const nuint MS_RDONLY = 1;
    internal const int UMOUNT_NOFOLLOW = 8;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int mount(
        [MarshalUsing(typeof(FileNameMarshaller))] string source,
        [MarshalUsing(typeof(FileNameMarshaller))] string target,
        [MarshalUsing(typeof(FileNameMarshaller))] string filesystemtype,
        nuint mountflags,
        [MarshalUsing(typeof(FileNameMarshaller))] string data);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int umount2([MarshalUsing(typeof(FileNameMarshaller))] string target, int flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long fsopen(long number, [MarshalUsing(typeof(FileNameMarshaller))] string fsname, uint flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial long fsconfig(long number, int fd, uint cmd, string? key, string? value, int aux);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long fsmount(long number, int fsfd, uint flags, uint attr_flags);

    [LibraryImport(Name, EntryPoint = "syscall", SetLastError = true)]
    internal static partial long move_mount(
        long number,
        int from_dirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string from_pathname,
        int to_dirfd,
        [MarshalUsing(typeof(FileNameMarshaller))] string to_pathname,
        uint flags);
}
