using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>Waits until one of several pipes has something to read, or has ended. poll(2)</summary>
public static unsafe class Readiness
{
    private const short POLLIN = 1;

    /// <summary>Waits without end; a null pipe is passed over.</summary>
    /// <returns>A bit per pipe, in order.</returns>
    public static int Wait(ReadOnlySpan<PipeEnd?> pipes)
    {
        var entries = stackalloc Libc.PollEntry[pipes.Length];
        for (var i = 0; i < pipes.Length; i++)
        {
            entries[i] = new Libc.PollEntry { Descriptor = pipes[i]?.Number ?? -1, Wanted = POLLIN };
        }

        while (Libc.poll(entries, (nuint)pipes.Length, -1) < 0)
        {
            if ((Errno)Marshal.GetLastPInvokeError() is var errno and not Errno.EINTR)
            {
                throw new LinuxException(nameof(Libc.poll), null, errno);
            }
        }

        var ready = 0;
        for (var i = 0; i < pipes.Length; i++)
        {
            ready |= entries[i].Seen != 0 ? 1 << i : 0;
        }

        return ready;
    }
}
