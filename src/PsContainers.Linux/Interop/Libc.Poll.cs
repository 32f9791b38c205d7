using System.Runtime.InteropServices;

namespace PsContainers.Linux.Interop;

/// <summary>poll(2).</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Name, SetLastError = true)]
    internal static partial int poll(PollEntry* fds, nuint nfds, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Wanted;
        internal short Seen;
    }
}
