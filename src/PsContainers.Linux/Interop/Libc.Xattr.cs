using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PsContainers.Linux.Interop;

/// <summary>listxattr(2), getxattr(2), setxattr(2).</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int fsetxattr(
        int fd, [MarshalUsing(typeof(FileNameMarshaller))] string name, byte* value, nuint size, int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial int lsetxattr(
        [MarshalUsing(typeof(FileNameMarshaller))] string path,
        [MarshalUsing(typeof(FileNameMarshaller))] string name,
        byte* value,
        nuint size,
        int flags);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint flistxattr(int fd, byte* list, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint fgetxattr(
        int fd, [MarshalUsing(typeof(FileNameMarshaller))] string name, byte* value, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint llistxattr([MarshalUsing(typeof(FileNameMarshaller))] string path, byte* list, nuint size);

    [LibraryImport(Name, SetLastError = true)]
    internal static partial nint lgetxattr(
        [MarshalUsing(typeof(FileNameMarshaller))] string path,
        [MarshalUsing(typeof(FileNameMarshaller))] string name,
        byte* value,
        nuint size);
}
