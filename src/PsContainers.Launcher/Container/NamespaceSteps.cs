using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that enter namespaces. namespaces(7)</summary>
internal static unsafe class NamespaceSteps
{
    internal static int Join(ref ContainerContext context, PlanStep* step)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, context.Plan.At(step->A), Kernel.O_RDONLY);
        if (fd < 0)
        {
            return context.At(FailurePoint.OpenSource, fd);
        }

        var result = Kernel.JoinNamespace(fd, step->Value);
        Kernel.Close(fd);
        return result;
    }

    /// <summary>The groups of the caller mean nothing inside; they go while they can.</summary>
    internal static int BecomeRoot(PlanStep* step)
    {
        // EPERM: the namespace denies setgroups(2), so there are none to lose that its maker did not have.
        var result = (int)Kernel.Call(SyscallNumber.SetGroups);
        result = result is 0 or -(int)Errno.EPERM ? ChangeIds(SyscallNumber.SetResGid, step->Value2) : result;
        result = result < 0 ? result : ChangeIds(SyscallNumber.SetResUid, step->Value);

        // Other ids make a process as dumpable as fs.suid_dumpable says, which may be more than it was.
        return result < 0 ? result : Kernel.Control(Kernel.PR_SET_DUMPABLE, 0);
    }

    private static int ChangeIds(long call, ulong id) => (int)Kernel.Call(call, (nint)id, (nint)id, (nint)id);

    /// <summary>
    /// unshare(2) gives a time namespace to children only, and its clocks can be set while nobody is in it; setns(2) then enters.
    /// </summary>
    internal static int EnterTime(ref ContainerContext context, PlanStep* step)
    {
        var result = Kernel.Unshare(Kernel.CLONE_NEWTIME);
        if (result < 0)
        {
            return result;
        }

        var offsets = context.Plan.At(step->A);
        if (offsets[0] != 0)
        {
            var file = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/proc/self/timens_offsets"u8), Kernel.O_WRONLY);
            if (file < 0)
            {
                return file;
            }

            var written = Kernel.Write(file, offsets, Kernel.Length(offsets));
            Kernel.Close(file);
            if (written < 0)
            {
                return (int)written;
            }
        }

        var fd = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/proc/self/ns/time_for_children"u8), Kernel.O_RDONLY);
        if (fd < 0)
        {
            return fd;
        }

        result = Kernel.JoinNamespace(fd, Kernel.CLONE_NEWTIME);
        Kernel.Close(fd);
        return result;
    }
}
