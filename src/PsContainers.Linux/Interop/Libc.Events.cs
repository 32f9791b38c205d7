using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>epoll_wait(2).</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int epoll_wait(int epfd, byte* events, int maxevents, int timeout);
}
