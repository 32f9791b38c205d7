using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>unshare(2), setns(2), ioctl_nsfs(2), and what is opened in another namespace: open(2), socket(2).</summary>
/// <remarks>
/// Those without SetLastError are called from a thread that is away: they have no generated code around them, which the runtime would
/// count and compile anew, on a thread that it begins for this right there.
/// </remarks>
internal static unsafe partial class Libc
{
    internal const int CLONE_NEWNET = 0x40000000;
    internal const nuint NS_GET_NSTYPE = 0xb703;

    [LibraryImport(Name)]
    internal static partial int unshare(int flags);

    [LibraryImport(Name)]
    internal static partial int setns(int fd, int nstype);

    [LibraryImport(Name, EntryPoint = "open")]
    internal static partial int open_there(byte* pathname, int flags, uint mode);

    [LibraryImport(Name, EntryPoint = "socket")]
    internal static partial int socket_there(int domain, int type, int protocol);

    [LibraryImport(Name, EntryPoint = "write")]
    internal static partial nint write_there(int fd, byte* buffer, nint count);

    [LibraryImport(Name)]
    internal static partial int* __errno_location();

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int ioctl(int fd, nuint request);
}
