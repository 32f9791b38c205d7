using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>memfd_create(2) and the F_ADD_SEALS F_SETFL and F_DUPFD_CLOEXEC of fcntl(2).</summary>
internal static unsafe partial class Libc
{
    internal const uint MFD_CLOEXEC = 1;
    internal const uint MFD_ALLOW_SEALING = 2;
    internal const int F_ADD_SEALS = 1033;
    internal const int F_DUPFD_CLOEXEC = 1030;
    internal const int F_SETFL = 4;

    // F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE
    internal const int AllSeals = 0xf;

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int memfd_create(string name, uint flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fcntl(int fd, int cmd, int arg);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    internal static partial nint write_bytes(int fd, byte* buf, nint count);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    internal static partial nint read_bytes(int fd, byte* buf, nint count);
}
