using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Host;

/// <summary>What /proc/PID/stat says of a process. proc_pid_stat(5)</summary>
internal static unsafe class ProcessStatus
{
    private const int Capacity = 512;

    /// <summary>
    /// Clock ticks after boot at which a process started (field 22): with its id it names the process for good. 0 when there is none.
    /// </summary>
    internal static long StartTime(int pid)
    {
        return Read(pid, out _, out var startTime) < 0 ? 0 : startTime;
    }

    /// <summary>
    /// Whether that very process is there and has not ended, or cannot be looked at; one that ended and was not waited for has ended.
    /// </summary>
    internal static bool MayBeAlive(int pid, long startTime)
    {
        var result = Read(pid, out var state, out var found);
        return result >= 0
            ? state is not ((byte)'Z' or (byte)'X') && found == startTime
            : result is not (-(int)Errno.ENOENT or -(int)Errno.ESRCH);
    }

    // The state letter, field 3. 0, or −errno: ENOENT or ESRCH when there is no such process.
    private static int Read(int pid, out byte state, out long startTime)
    {
        state = 0;
        startTime = 0;
        var buffer = stackalloc byte[Capacity];
        var path = new Text(buffer, Capacity);
        path.Add("/proc/"u8);
        path.Add(pid);
        path.Add("/stat"u8);
        var fd = Kernel.Open(Kernel.AtFdCwd, path.Pointer, Kernel.O_RDONLY);
        if (fd < 0)
        {
            return fd;
        }

        var length = Kernel.Read(fd, buffer, Capacity);
        Kernel.Close(fd);
        if (length < 0)
        {
            return (int)length;
        }

        var text = new ReadOnlySpan<byte>(buffer, (int)length);

        // The name may hold spaces and parentheses; the last ')' ends it, and field 3 follows.
        text = text[(text.LastIndexOf((byte)')') + 1)..];
        state = text.Length > 1 ? text[1] : (byte)0;
        for (var field = 2; field < 22; field++)
        {
            text = text[(text.IndexOf((byte)' ') + 1)..];
        }

        startTime = Number(text);
        return 0;
    }

    /// <summary>The decimal number that a text starts with.</summary>
    internal static long Number(ReadOnlySpan<byte> text)
    {
        long value = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            value = (value * 10) + (digit - '0');
        }

        return value;
    }
}
