using System.Runtime.CompilerServices;

[assembly: DisableRuntimeMarshalling]

namespace PsContainers.Linux.Interop;

/// <summary>The C library as the manual pages describe it: one partial file per page family, C names and argument order kept.</summary>
internal static partial class Libc
{
    private const string Name = "libc";
}
