using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Host;

/// <summary>
/// Runs one hook and waits for it: in the launcher's namespaces, or, called by the container's process, in its own. This program itself
/// may be one, for what its managed half alone can do.
/// </summary>
internal static unsafe class HookStep
{
    private const int StateBytes = 256;
    private const int NotExecuted = 127;

    /// <param name="pid">The container's process id as the hook's namespace knows it.</param>
    internal static int Run(Plan plan, PlanStep* step, int pid, ref Failure failure)
    {
        var input = StateFile(plan, step, pid);
        if (input < 0)
        {
            return Failure.At(ref failure, step, FailurePoint.HookState, input);
        }

        var hook = Kernel.Clone(Kernel.CLONE_PIDFD, -1, out var pidFd);
        if (hook == 0)
        {
            Become(plan, step, input);
        }

        Kernel.Close(input);
        if (hook < 0)
        {
            return Failure.At(ref failure, step, FailurePoint.Clone, hook);
        }

        var result = Await(step, pidFd, ref failure);
        Kernel.Close(pidFd);
        return result;
    }

    private static void Become(Plan plan, PlanStep* step, int input)
    {
        var result = Kernel.Control(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL);
        result = result < 0 ? result : Kernel.RestoreSignals();
        result = result < 0 ? result : Kernel.Duplicate(input, 0);

        // Now, and not by execve: the hook may be a file of the image, whose interpreter is looked up before (CVE-2024-21626).
        result = result < 0 ? result : Kernel.CloseFrom(3, onExec: false);
        var arguments = plan.Pointers(step->A, (uint)step->Value);
        var environment = plan.Pointers(step->B, (uint)(step->Value >> 32));
        result = result < 0 ? result : Kernel.Execute(plan.At(step->C), arguments, environment);
        ErrorReport.Say(plan.At(step->Description), -result);
        Kernel.Exit(NotExecuted);
    }

    private static int Await(PlanStep* step, int pidFd, ref Failure failure)
    {
        if (step->Value2 > 0)
        {
            var entry = new Kernel.PollEntry { Descriptor = pidFd, Wanted = Kernel.POLLIN };
            if (Kernel.Poll(&entry, (long)step->Value2) == 0)
            {
                Kernel.SignalProcess(pidFd, Kernel.SIGKILL);
                Kernel.Wait(Kernel.P_PIDFD, pidFd, out _);
                return Failure.At(ref failure, step, FailurePoint.HookTimeout, -(int)Errno.ETIMEDOUT);
            }
        }

        var code = Kernel.Wait(Kernel.P_PIDFD, pidFd, out _);
        if (code == 0)
        {
            return 0;
        }

        failure = new Failure
        {
            Errno = code < 0 ? -code : 0,
            Kind = step->Kind,
            Description = step->Description,
            Point = step->Kind == StepKind.RunSelf && code == LaunchExit.Failed ? FailurePoint.Told : FailurePoint.HookExit,
            Code = code,
        };
        return -(int)Errno.ECANCELED;
    }

    // A file in memory: a pipe would make the launcher wait for a hook that does not read, and die of one that closes it.
    private static int StateFile(Plan plan, PlanStep* step, int pid)
    {
        var fd = (int)Kernel.Call(SyscallNumber.MemfdCreate, (nint)Kernel.Literal("state"u8), 1); // MFD_CLOEXEC
        if (fd < 0)
        {
            return fd;
        }

        var head = plan.At(plan.Header->StateHead);
        var tail = plan.At(plan.Header->StateTail);
        if (head == null || tail == null)
        {
            return fd;
        }

        var buffer = stackalloc byte[StateBytes];
        var middle = new Text(buffer, StateBytes);
        middle.Add(Word((HookStatus)step->D));
        middle.Add("\",\"pid\":"u8);
        middle.Add((HookStatus)step->D == HookStatus.Stopped ? 0 : pid);
        var result = Kernel.WriteAll(fd, head, Kernel.Length(head));
        result = result < 0 ? result : Kernel.WriteAll(fd, middle.Pointer, middle.Length);
        result = result < 0 ? result : Kernel.WriteAll(fd, tail, Kernel.Length(tail));
        result = result < 0 ? result : (int)Kernel.Call(SyscallNumber.Lseek, fd, 0, 0);
        if (result < 0)
        {
            Kernel.Close(fd);
            return result;
        }

        return fd;
    }

    private static ReadOnlySpan<byte> Word(HookStatus status) => status switch
    {
        HookStatus.Creating => "creating"u8,
        HookStatus.Created => "created"u8,
        HookStatus.Running => "running"u8,
        _ => "stopped"u8,
    };
}
