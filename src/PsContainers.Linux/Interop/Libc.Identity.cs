using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>geteuid(2).</summary>
internal static partial class Libc
{
    [LibraryImport(Name)]
    internal static partial uint geteuid();
}
