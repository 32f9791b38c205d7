using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>loop(4).</summary>
internal static unsafe partial class Libc
{
    internal const nuint LOOP_CTL_GET_FREE = 0x4c82;
    internal const nuint LOOP_CONFIGURE = 0x4c0a;
    internal const uint LO_FLAGS_READ_ONLY = 1;
    internal const uint LO_FLAGS_AUTOCLEAR = 4;

    [LibraryImport(Name, EntryPoint = "ioctl", SetLastError = true)]
    internal static partial int ioctl_loop(int fd, nuint request, LoopConfiguration* configuration);

    /// <summary>struct loop_config, with the struct loop_info64 in it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 304)]
    internal struct LoopConfiguration
    {
        [FieldOffset(0)]
        internal uint FileDescriptor;

        [FieldOffset(8 + 52)]
        internal uint Flags;
    }
}
