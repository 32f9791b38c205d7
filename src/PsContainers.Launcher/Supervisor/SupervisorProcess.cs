using PsContainers.Launcher.Container;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Supervisor;

/// <summary>`psc-runtime supervise`: makes the container, stays with it, writes its log and its end, and undoes what it made.</summary>
internal static unsafe class SupervisorProcess
{
    /// <summary>Descriptor 3 is the plan.</summary>
    internal const int PlanDescriptor = 3;

    /// <summary>Descriptor 4 is the status pipe; 5 and 6, where open, take a copy of stdout and stderr; 7, where open, is stdin.</summary>
    internal const int StatusDescriptor = 4;
    internal const int OutputDescriptor = 5;
    internal const int ErrorDescriptor = 6;
    internal const int InputDescriptor = 7;

    // HUP, INT, QUIT, USR1, USR2, TERM: meant for the container; dying of one would leave its cgroups behind.
    private const ulong ForwardedSignals = 1UL << 0 | 1UL << 1 | 1UL << 2 | 1UL << 9 | 1UL << 11 | 1UL << 14;

    internal static int Run()
    {
        Kernel.CloseFrom(InputDescriptor + 1, onExec: false);
        var failure = new Failure();
        var result = Plan.Map(PlanDescriptor, out var plan);
        if (result < 0)
        {
            return 125;
        }

        var isForeground = ((PlanFlags)plan.Header->Flags & PlanFlags.Foreground) != 0;
        if (!isForeground)
        {
            // The starter waits for this parent only; the child belongs to init and outlives the shell.
            var child = Kernel.Clone(0, -1, out _);
            if (child != 0)
            {
                return child < 0 ? 125 : 0;
            }
        }

        Kernel.Control(Kernel.PR_SET_NAME, (nint)Kernel.Literal("psc-runtime"u8));
        Kernel.SetSignal(Kernel.SIGPIPE, ignore: true);
        Kernel.BlockSignals(ForwardedSignals);
        Kernel.Call(SyscallNumber.Umask, 0x3f);
        return Supervise(plan, ref failure, isForeground);
    }

    private static int Supervise(Plan plan, ref Failure failure, bool isForeground)
    {
        // Looked at before anything is opened: a number that the starter left free would be taken by our own next descriptor.
        var container = new SupervisedContainer
        {
            Plan = plan,
            Listener = -1,
            Log = -1,
            PidFd = -1,
            Input = OptionalDescriptor(InputDescriptor),
            OutputSink = OptionalDescriptor(OutputDescriptor),
            ErrorSink = OptionalDescriptor(ErrorDescriptor),
            Status = OptionalDescriptor(StatusDescriptor),
        };
        container.Signals = Kernel.OpenSignals(ForwardedSignals);
        if (Launch(ref container, ref failure) < 0)
        {
            SupervisorSteps.Undo(plan, container.StepsDone);
            if (((PlanFlags)plan.Header->Flags & PlanFlags.RemoveRunDirectory) != 0)
            {
                Records.RemoveDirectory(plan);
            }

            return ReportFailure(container.Status, plan, failure, isForeground);
        }

        StatusReport.Send(container.Status, StatusKind.Started, container.Pid, 0, 0);
        SupervisorLoop.Run(ref container);

        var oomKilled = OomNotice.WasKilled(plan);
        SupervisorSteps.Undo(plan, container.StepsDone);
        if (((PlanFlags)plan.Header->Flags & PlanFlags.RemoveRunDirectory) != 0)
        {
            Records.RemoveDirectory(plan);
        }
        else
        {
            Records.WriteExit(plan, container.ExitCode, container.ExitSignal, oomKilled);
        }

        container.TellExit(oomKilled);
        SupervisorLoop.Deliver(ref container);
        return container.ExitCode;
    }

    private static int Launch(ref SupervisedContainer container, ref Failure failure)
    {
        var plan = container.Plan;
        var result = Prepare(ref container, ref failure);
        if (result < 0)
        {
            return result;
        }

        result = SupervisorSteps.Perform(plan, ref container.StepsDone, ref failure);
        if (result < 0)
        {
            return result;
        }

        result = OpenStreams(ref container, ref failure, out var childOutput, out var childError);
        if (result < 0)
        {
            return result;
        }

        result = Start(ref container, ref failure, childOutput, childError);
        if (result < 0)
        {
            return result;
        }

        result = Records.WriteState(plan, container.Pid);
        if (result < 0)
        {
            Kernel.SignalProcess(container.PidFd, Kernel.SIGKILL);
            Kernel.Wait(Kernel.P_PIDFD, container.PidFd, out _);
            return Fail(ref failure, FailurePoint.StateFile, result);
        }

        return 0;
    }

    private static int Prepare(ref SupervisedContainer container, ref Failure failure)
    {
        var plan = container.Plan;
        if (plan.Header->RunDirectory != 0)
        {
            var result = Kernel.ChangeDirectory(plan.At(plan.Header->RunDirectory));
            if (result < 0)
            {
                return Fail(ref failure, FailurePoint.RunDirectory, result);
            }

            container.Listener = Kernel.ListenAt("control.sock"u8);
            if (container.Listener < 0)
            {
                return Fail(ref failure, FailurePoint.ControlSocket, container.Listener);
            }
        }

        if (plan.Header->LogPath != 0)
        {
            container.Log = OutputLog.Open(plan);
            if (container.Log < 0)
            {
                return Fail(ref failure, FailurePoint.OpenLog, container.Log);
            }
        }

        return 0;
    }

    private static int OpenStreams(ref SupervisedContainer container, ref Failure failure, out int childOutput, out int childError)
    {
        container.Output = new OutputStream(-1, -1);
        container.Error = new OutputStream(-1, -1);
        childOutput = childError = -1;
        if (((PlanFlags)container.Plan.Header->Flags & PlanFlags.InheritOutput) != 0)
        {
            return 0;
        }

        var result = Kernel.Pipe(out var output, out childOutput);
        if (result < 0)
        {
            return Fail(ref failure, FailurePoint.Pipe, result);
        }

        result = Kernel.Pipe(out var error, out childError);
        if (result < 0)
        {
            return Fail(ref failure, FailurePoint.Pipe, result);
        }

        container.Output = new OutputStream(output, container.OutputSink);
        container.Error = new OutputStream(error, container.ErrorSink);
        return 0;
    }

    private static int OptionalDescriptor(int fd) => Kernel.Status(fd, out _) < 0 ? -1 : fd;

    private static int Start(ref SupervisedContainer container, ref Failure failure, int childOutput, int childError)
    {
        var plan = container.Plan;
        var result = Kernel.Pipe(out var failureRead, out var failureWrite);
        if (result < 0)
        {
            return Fail(ref failure, FailurePoint.Pipe, result);
        }

        var cgroup = -1;
        if (plan.Header->UnifiedCgroup != 0)
        {
            cgroup = Kernel.Open(Kernel.AtFdCwd, plan.At(plan.Header->UnifiedCgroup), Kernel.O_PATH | Kernel.O_DIRECTORY);
            if (cgroup < 0)
            {
                return Fail(ref failure, FailurePoint.UnifiedCgroup, cgroup);
            }
        }

        container.Pid = Kernel.Clone(plan.Header->CloneFlags | Kernel.CLONE_PIDFD, cgroup, out container.PidFd);
        if (container.Pid < 0)
        {
            return Fail(ref failure, FailurePoint.Clone, container.Pid);
        }

        if (container.Pid == 0)
        {
            // The supervisor's end must be the only one: its loss is how this process learns that the supervisor died.
            Kernel.Close(failureRead);
            Standard(0, container.Input);
            Standard(1, childOutput);
            Standard(2, childError);
            ContainerProcess.Run(plan, failureWrite);
        }

        Kernel.Close(failureWrite);
        Kernel.Close(childOutput);
        Kernel.Close(childError);
        Kernel.Close(cgroup);
        Kernel.Close(container.Input);

        fixed (Failure* f = &failure)
        {
            // End of file without a word is success: execve closed the pipe.
            var read = Kernel.Read(failureRead, (byte*)f, sizeof(Failure));
            Kernel.Close(failureRead);
            if (read == 0)
            {
                return 0;
            }
        }

        Kernel.Wait(Kernel.P_PIDFD, container.PidFd, out _);
        return -failure.Errno;
    }

    private static void Standard(int number, int fd)
    {
        if (fd >= 0)
        {
            Kernel.Duplicate(fd, number);
        }
    }

    private static int Fail(ref Failure failure, FailurePoint point, int result)
    {
        failure = new Failure { Errno = -result, Point = point };
        return result;
    }

    private static int ReportFailure(int status, Plan plan, Failure failure, bool isForeground)
    {
        var buffer = stackalloc byte[StatusMessage.MaximumText];
        var text = new Text(buffer, StatusMessage.MaximumText);
        failure.Describe(plan, ref text);
        if (isForeground)
        {
            Kernel.WriteAll(2, Kernel.Literal("psc-runtime: "u8), 13);
            Kernel.WriteAll(2, text.Pointer, text.Length);
            Kernel.WriteAll(2, Kernel.Literal("\n"u8), 1);
        }

        StatusReport.SendFailure(status, failure, ref text);
        return failure.Kind != StepKind.Execute ? 125 : failure.Errno is (int)Errno.ENOENT or (int)Errno.ENOTDIR ? 127 : 126;
    }
}
