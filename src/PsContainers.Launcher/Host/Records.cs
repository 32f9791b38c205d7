using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher.Host;

/// <summary>
/// The two files of the run directory that outlive the supervisor: `state` while it runs, `exit` when it has ended. One JSON object each.
/// </summary>
internal static unsafe class Records
{
    private const int Capacity = 512;
    private const int PathBytes = 4096;

    internal static int WriteState(Plan plan, int pid)
    {
        if (plan.Header->RunDirectory == 0)
        {
            return 0;
        }

        var buffer = stackalloc byte[Capacity];
        var text = new Text(buffer, Capacity);
        var self = (int)Kernel.Call(SyscallNumber.GetPid);
        var start = ProcessStatus.StartTime(pid);
        var selfStart = ProcessStatus.StartTime(self);
        if (start == 0 || selfStart == 0)
        {
            // Without it nobody would find the process again.
            return -(int)Linux.Errno.ESRCH;
        }

        text.Add("{\"pid\":"u8);
        text.Add(pid);
        text.Add(",\"startTime\":"u8);
        text.Add(start);
        text.Add(",\"supervisorPid\":"u8);
        text.Add(self);
        text.Add(",\"supervisorStartTime\":"u8);
        text.Add(selfStart);
        text.Add(",\"startedUnixNanoseconds\":"u8);
        text.Add(Kernel.RealTime());
        text.Add("}\n"u8);
        return Replace(Kernel.Literal("state.new"u8), Kernel.Literal("state"u8), ref text);
    }

    /// <summary>What the caller finds: `state` in the container's directory, and the process id in the file it named.</summary>
    internal static int WriteBirth(Plan plan, int pid, ref Failure failure)
    {
        var result = WriteState(plan, pid);
        if (result < 0)
        {
            return Failure.At(ref failure, FailurePoint.StateFile, result);
        }

        result = WritePidFile(plan, pid);
        return result < 0 ? Failure.At(ref failure, FailurePoint.PidFile, plan.Header->PidFile, result) : 0;
    }

    /// <summary>The process that the directory's `state` names.</summary>
    /// <returns>0, or −errno: ENOENT when there is no such file.</returns>
    internal static int ReadState(out int pid, out long startTime)
    {
        pid = 0;
        startTime = 0;
        var fd = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("state"u8), Kernel.O_RDONLY);
        if (fd < 0)
        {
            return fd;
        }

        var buffer = stackalloc byte[Capacity];
        var length = Kernel.Read(fd, buffer, Capacity);
        Kernel.Close(fd);
        if (length < 0)
        {
            return (int)length;
        }

        var text = new ReadOnlySpan<byte>(buffer, (int)length);
        pid = (int)Field(text, "\"pid\":"u8);
        startTime = Field(text, "\"startTime\":"u8);
        return pid > 0 ? 0 : -(int)Linux.Errno.EINVAL;
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
        Replace(Kernel.Literal("exit.new"u8), Kernel.Literal("exit"u8), ref text);
    }

    internal static int RemoveDirectory(Plan plan) => RemoveDirectory(plan.At(plan.Header->RunDirectory));

    /// <param name="directory">The container's directory, or null where there is none.</param>
    /// <returns>0, or −errno; the error was told.</returns>
    internal static int RemoveDirectory(byte* directory)
    {
        if (directory == null)
        {
            return 0;
        }

        // Entered again: what failed may have been that, and the files of these names in the caller's directory are the caller's.
        var result = Kernel.ChangeDirectory(directory);
        if (result < 0)
        {
            return TellUnlessGone(directory, result);
        }

        Remove("control.sock"u8);
        Remove("start.sock"u8);
        Remove("state.new"u8);
        Remove("state"u8);
        Remove("container.json"u8);
        Remove("config.json"u8);

        // Last: while it is there, a deletion that was cut off can be taken up again.
        Remove("plan"u8);
        result = Kernel.Remove(Kernel.AtFdCwd, directory, Kernel.AT_REMOVEDIR);
        return TellUnlessGone(directory, result);
    }

    // `run` removes its container at the end, while a `delete --force` that ended it may be at the same.
    private static int TellUnlessGone(byte* directory, int result)
    {
        if (result is >= 0 or -(int)Linux.Errno.ENOENT)
        {
            return 0;
        }

        ErrorReport.Say(directory, -result);
        return result;
    }

    private static void Remove(ReadOnlySpan<byte> name)
    {
        var result = Kernel.Remove(Kernel.AtFdCwd, Kernel.Literal(name), 0);
        if (result is < 0 and not -(int)Linux.Errno.ENOENT)
        {
            Kernel.Remove(Kernel.AtFdCwd, Kernel.Literal(name), 0);
        }
    }

    private static long Field(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        return at < 0 ? 0 : ProcessStatus.Number(text[(at + name.Length)..]);
    }

    // Written beside and renamed: whoever waits for the file finds the whole number in it.
    private static int WritePidFile(Plan plan, int pid)
    {
        var path = plan.At(plan.Header->PidFile);
        if (path == null)
        {
            return 0;
        }

        var buffer = stackalloc byte[PathBytes];
        var temporary = new Text(buffer, PathBytes);
        temporary.Add(path);
        temporary.Add(".new"u8);
        var digits = stackalloc byte[Capacity];
        var text = new Text(digits, Capacity);
        text.Add(pid);
        return temporary.IsCut ? -(int)Linux.Errno.ENAMETOOLONG : Replace(temporary.Pointer, path, ref text);
    }

    // A tmpfs: rename gives readers all or nothing, and there is nothing to sync. The file is always a new one: a pid file may lie in a
    // directory that is everybody's, where a link under this name could wait.
    private static int Replace(byte* temporary, byte* final, ref Text text)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, temporary, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL, 0x180);
        if (fd == -(int)Linux.Errno.EEXIST)
        {
            Kernel.Remove(Kernel.AtFdCwd, temporary, 0);
            fd = Kernel.Open(Kernel.AtFdCwd, temporary, Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL, 0x180);
        }

        if (fd < 0)
        {
            return fd;
        }

        var result = Kernel.WriteAll(fd, text.Pointer, text.Length);
        Kernel.Close(fd);
        result = result < 0 ? result : Kernel.Rename(temporary, final);
        if (result < 0)
        {
            Kernel.Remove(Kernel.AtFdCwd, temporary, 0);
        }

        return result;
    }
}
