using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PsContainers.Linux.Interop;

/// <summary>chown(2), chmod(2), utimensat(2).</summary>
internal static unsafe partial class Libc
{
    // utimensat(2): leave this one of the two times alone.
    internal const long UTIME_OMIT = (1L << 30) - 2;

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchown(int fd, uint owner, uint group);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchownat(
        int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, uint owner, uint group, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchmod(int fd, uint mode);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fchmodat(int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, uint mode, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int futimens(int fd, TimeSpecification* times);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int utimensat(
        int dirfd, [MarshalUsing(typeof(FileNameMarshaller))] string pathname, TimeSpecification* times, int flags);

    /// <summary>struct timespec on a 64-bit machine.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpecification
    {
        internal long Seconds;
        internal long Nanoseconds;
    }
}
