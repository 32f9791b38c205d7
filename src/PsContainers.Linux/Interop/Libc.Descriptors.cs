using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>close(2), dup(2), pipe(2), fcntl(2).</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int close(int fd);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int pipe2(int* pipefd, int flags);
}
