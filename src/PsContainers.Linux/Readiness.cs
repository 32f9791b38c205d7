using System.Diagnostics;
using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Waits until one of several pipes has something to read, or has ended; or a process has. poll(2)</summary>
public static unsafe class Readiness
{
    private const short POLLIN = 1;

    /// <summary>Waits without end; a null descriptor is passed over.</summary>
    /// <returns>A bit per descriptor, in order.</returns>
    public static int Wait(ReadOnlySpan<FileDescriptor?> descriptors) => Wait(descriptors, Timeout.InfiniteTimeSpan);

    /// <summary>Waits for so long, and returns 0 when there is nothing then.</summary>
    public static int Wait(ReadOnlySpan<FileDescriptor?> descriptors, TimeSpan patience)
    {
        var entries = stackalloc Libc.PollEntry[descriptors.Length];
        for (var i = 0; i < descriptors.Length; i++)
        {
            entries[i] = new Libc.PollEntry { Descriptor = descriptors[i]?.Number ?? -1, Wanted = POLLIN };
        }

        var started = Stopwatch.GetTimestamp();
        while (Libc.poll(entries, (nuint)descriptors.Length, Remaining(started, patience)) < 0)
        {
            if ((Errno)Marshal.GetLastPInvokeError() is var errno and not Errno.EINTR)
            {
                throw new LinuxException(nameof(Libc.poll), null, errno);
            }
        }

        var ready = 0;
        for (var i = 0; i < descriptors.Length; i++)
        {
            ready |= entries[i].Seen != 0 ? 1 << i : 0;
        }

        return ready;
    }

    private static int Remaining(long started, TimeSpan patience) => patience == Timeout.InfiniteTimeSpan
        ? -1
        : (int)Math.Max(0, Math.Ceiling((patience - Stopwatch.GetElapsedTime(started)).TotalMilliseconds));
}
