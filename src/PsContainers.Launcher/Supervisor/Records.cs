using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher.Supervisor;

/// <summary>
/// The two files of the run directory that outlive the supervisor: `state` while it runs, `exit` when it has ended. One JSON object each.
/// </summary>
internal static unsafe class Records
{
    private const int Capacity = 512;

    internal static int WriteState(Plan plan, int pid)
    {
        if (plan.Header->RunDirectory == 0)
        {
            return 0;
        }

        var buffer = stackalloc byte[Capacity];
        var text = new Text(buffer, Capacity);
        var self = (int)Kernel.Call(SyscallNumber.GetPid);
        text.Add("{\"pid\":"u8);
        text.Add(pid);
        text.Add(",\"startTime\":"u8);
        text.Add(StartTime(pid));
        text.Add(",\"supervisorPid\":"u8);
        text.Add(self);
        text.Add(",\"supervisorStartTime\":"u8);
        text.Add(StartTime(self));
        text.Add(",\"startedUnixNanoseconds\":"u8);
        text.Add(Kernel.RealTime());
        text.Add("}\n"u8);
        return Replace("state.new"u8, "state"u8, ref text);
    }

    internal static void WriteExit(Plan plan, int code, int signal, bool oomKilled)
    {
        if (plan.Header->RunDirectory == 0)
        {
            return;
        }

        var buffer = stackalloc byte[Capacity];
        var text = new Text(buffer, Capacity);
        text.Add("{\"exitCode\":"u8);
        text.Add(code);
        text.Add(",\"signal\":"u8);
        text.Add(signal);
        text.Add(",\"oomKilled\":"u8);
        text.Add(oomKilled ? "true"u8 : "false"u8);
        text.Add(",\"finishedUnixNanoseconds\":"u8);
        text.Add(Kernel.RealTime());
        text.Add("}\n"u8);
        Replace("exit.new"u8, "exit"u8, ref text);
    }

    internal static void RemoveDirectory(Plan plan)
    {
        Kernel.Remove(Kernel.AtFdCwd, Kernel.Literal("control.sock"u8), 0);
        Kernel.Remove(Kernel.AtFdCwd, Kernel.Literal("state"u8), 0);
        Kernel.Remove(Kernel.AtFdCwd, plan.At(plan.Header->RunDirectory), Kernel.AT_REMOVEDIR);
    }

    // A tmpfs: rename gives readers all or nothing, and there is nothing to sync.
    private static int Replace(ReadOnlySpan<byte> temporary, ReadOnlySpan<byte> final, ref Text text)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal(temporary), Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_TRUNC, 0x180);
        if (fd < 0)
        {
            return fd;
        }

        var result = Kernel.WriteAll(fd, text.Pointer, text.Length);
        Kernel.Close(fd);
        return result < 0 ? result : Kernel.Rename(Kernel.Literal(temporary), Kernel.Literal(final));
    }

    /// <summary>
    /// Clock ticks after boot at which a process started: with its pid it names the process for good. proc_pid_stat(5), field 22.
    /// </summary>
    private static long StartTime(int pid)
    {
        var buffer = stackalloc byte[Capacity];
        var path = new Text(buffer, Capacity);
        path.Add("/proc/"u8);
        path.Add(pid);
        path.Add("/stat"u8);
        var fd = Kernel.Open(Kernel.AtFdCwd, path.Pointer, Kernel.O_RDONLY);
        if (fd < 0)
        {
            return 0;
        }

        var length = Kernel.Read(fd, buffer, Capacity);
        Kernel.Close(fd);
        var text = new ReadOnlySpan<byte>(buffer, length < 0 ? 0 : (int)length);

        // The name may hold spaces and parentheses; the last ')' ends it, and field 3 follows.
        text = text[(text.LastIndexOf((byte)')') + 1)..];
        for (var field = 2; field < 22; field++)
        {
            text = text[(text.IndexOf((byte)' ') + 1)..];
        }

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
