using PsContainers.Launcher.Birth;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that say how the kernel treats the process: its limits, scheduling, memory placement, domain and label.</summary>
internal static unsafe class ProcessAttributeSteps
{
    private const int IoPriorityOfProcess = 1; // IOPRIO_WHO_PROCESS
    private const uint IsAppArmor = 1;

    internal static int SetDomainname(byte* name) => (int)Kernel.Call(SyscallNumber.SetDomainName, (nint)name, Kernel.Length(name));

    internal static int WriteProcFile(ref ContainerContext context, PlanStep* step)
    {
        var path = context.Plan.At(step->A);
        var result = ProcFile.Write(path, context.Plan.At(step->B));

        // Only the score answers so to root: a lower one than the present is a privilege.
        return result == -(int)Errno.EACCES && Kernel.Equal(path, "self/oom_score_adj"u8)
            ? context.At(FailurePoint.NeedsResourceCapability, result)
            : result;
    }

    internal static int SetLimit(ref ContainerContext context, PlanStep* step)
    {
        var result = Kernel.SetLimit((int)step->A, step->Value, step->Value2);
        return result == -(int)Errno.EPERM ? context.At(FailurePoint.NeedsResourceCapability, result) : result;
    }

    internal static int SetScheduler(ref ContainerContext context, PlanStep* step) =>
        (int)Kernel.Call(SyscallNumber.SchedSetattr, 0, (nint)context.Plan.At(step->A), 0);

    internal static int SetAffinity(ref ContainerContext context, PlanStep* step) =>
        (int)Kernel.Call(SyscallNumber.SchedSetAffinity, 0, (nint)step->Value, (nint)context.Plan.At(step->A));

    internal static int SetIoPriority(PlanStep* step) =>
        (int)Kernel.Call(SyscallNumber.IoprioSet, IoPriorityOfProcess, 0, (nint)step->Value);

    internal static int SetMemoryPolicy(ref ContainerContext context, PlanStep* step) =>
        (int)Kernel.Call(SyscallNumber.SetMempolicy, (nint)step->Value, (nint)context.Plan.At(step->A), (nint)step->Value2);

    // It answers with the domain before.
    internal static int SetPersonality(PlanStep* step) =>
        Kernel.Call(SyscallNumber.Personality, (nint)step->Value) is < 0 and var result ? (int)result : 0;

    internal static int OpenExecAttributes(ref ContainerContext context) =>
        context.ExecAttributes = ProcFile.Open(Kernel.Literal("self/attr"u8), Kernel.O_PATH | Kernel.O_DIRECTORY);

    /// <summary>The folder is the host's from before the pivot, and the way to the file takes no link and no mount.</summary>
    internal static int SetExecLabel(ref ContainerContext context, PlanStep* step)
    {
        // AppArmor has a folder of its own since Linux 5.8, for machines that run several modules.
        var file = (step->Flags & IsAppArmor) != 0 ? OpenAttribute(ref context, "apparmor/exec"u8) : -(int)Errno.ENOENT;
        if (file == -(int)Errno.ENOENT)
        {
            file = OpenAttribute(ref context, "exec"u8);
        }

        if (file < 0)
        {
            return context.At(FailurePoint.OpenTarget, file);
        }

        var label = context.Plan.At(step->A);
        var result = Kernel.Write(file, label, Kernel.Length(label));
        Kernel.Close(file);
        return result < 0 ? (int)result : 0;
    }

    internal static int LoadSeccomp(ref ContainerContext context, PlanStep* step)
    {
        if ((step->Flags & Kernel.SECCOMP_FILTER_FLAG_NEW_LISTENER) == 0)
        {
            return Kernel.SetSeccompFilter(context.Plan.At(step->A), (int)step->Value, step->Flags);
        }

        // The kernel gives the lowest number that is free, as it just did; the launcher takes the descriptor from under that number.
        var number = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/"u8), Kernel.O_PATH);
        Kernel.Close(number);
        var result = number < 0 ? number : Channel.Send(context.Channel, LaunchMessageKind.Filter, number);
        result = result < 0 ? result : Kernel.SetSeccompFilter(context.Plan.At(step->A), (int)step->Value, step->Flags);
        if (result < 0)
        {
            return result;
        }

        var listener = result;
        result = Channel.Expect(context.Channel, LaunchMessageKind.Go);
        Kernel.Close(listener);
        return result;
    }

    private static int OpenAttribute(ref ContainerContext context, ReadOnlySpan<byte> name) => Kernel.OpenResolved(
        context.ExecAttributes,
        Kernel.Literal(name),
        Kernel.O_WRONLY,
        Kernel.RESOLVE_BENEATH | Kernel.RESOLVE_NO_XDEV | Kernel.RESOLVE_NO_SYMLINKS);
}
