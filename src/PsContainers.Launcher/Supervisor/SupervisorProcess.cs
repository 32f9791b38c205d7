using PsContainers.Launcher.Birth;
using PsContainers.Launcher.Host;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Supervisor;

/// <summary>`psc-runtime supervise`: makes the container, stays with it, writes its log and its end, and undoes what it made.</summary>
internal static unsafe class SupervisorProcess
{
    /// <summary>Descriptor 3 is the plan, unless the command line names another one.</summary>
    internal const int PlanDescriptor = 3;

    /// <summary>
    /// Descriptor 4 is the status pipe; 5 and 6, where open, take a copy of stdout and stderr; 7, where open, is stdin. They are all behind
    /// the plan, where the command line names it.
    /// </summary>
    internal const int StatusDescriptor = 4;
    internal const int OutputDescriptor = 5;
    internal const int ErrorDescriptor = 6;
    internal const int InputDescriptor = 7;

    // HUP, INT, QUIT, USR1, USR2, TERM: meant for the container; dying of one would leave its cgroups behind. WINCH: the caller's
    // terminal has another size.
    private const ulong ForwardedSignals = 1UL << 0 | 1UL << 1 | 1UL << 2 | 1UL << 9 | 1UL << 11 | 1UL << 14 | 1UL << 27;

    /// <param name="planDescriptor">0: the descriptors above; else the plan's, and there are no others of the starter's.</param>
    /// <param name="directory">The new container's, to be removed where the plan cannot be read; null where the starter does that.</param>
    internal static int Run(int planDescriptor, byte* directory)
    {
        var isStarted = planDescriptor == 0;
        var failure = new Failure();
        if (BareStart.Prepare(isStarted ? InputDescriptor : planDescriptor) < 0
            || Plan.MapAndClose(isStarted ? PlanDescriptor : planDescriptor, out var plan) < 0)
        {
            Records.RemoveDirectory(directory);
            return LaunchExit.NoPlan;
        }

        var isForeground = ((PlanFlags)plan.Header->Flags & PlanFlags.Foreground) != 0;
        if (!isForeground)
        {
            // The starter waits for this parent only; the child belongs to init and outlives the shell.
            var child = Kernel.Clone(0, -1, out _);
            if (child != 0)
            {
                return child < 0 ? LaunchExit.NoPlan : 0;
            }
        }

        // Looked at before anything is opened: a number that the starter left free would be taken by our own next descriptor.
        var container = new SupervisedContainer
        {
            Process = new NewProcess(plan) { Input = isStarted ? OptionalDescriptor(InputDescriptor) : -1 },
            Console = -1,
            Master = -1,
            Input = new OutputStream(-1, -1),
            Listener = -1,
            Log = -1,
            OutputSink = isStarted ? OptionalDescriptor(OutputDescriptor) : -1,
            ErrorSink = isStarted ? OptionalDescriptor(ErrorDescriptor) : -1,
            Status = isStarted ? OptionalDescriptor(StatusDescriptor) : -1,
        };
        var result = Kernel.BlockSignals(ForwardedSignals);
        container.Signals = result < 0 ? result : Kernel.OpenSignals(ForwardedSignals);
        return Supervise(ref container, ref failure);
    }

    private static int Supervise(ref SupervisedContainer container, ref Failure failure)
    {
        var plan = container.Process.Plan;
        var flags = (PlanFlags)plan.Header->Flags;
        if (Launch(ref container, ref failure) < 0)
        {
            HostSteps.Undo(plan, container.Process.StepsDone);
            if ((flags & PlanFlags.RemoveRunDirectory) != 0)
            {
                Records.RemoveDirectory(plan);
            }

            return ReportFailure(container.Status, plan, failure, (flags & PlanFlags.Foreground) != 0);
        }

        StatusReport.Send(container.Status, StatusKind.Started, container.Process.Pid, 0, 0);
        SupervisorLoop.Run(ref container);
        Terminal.Restore(ref container);

        var oomKilled = OomNotice.WasKilled(plan);
        HostSteps.Undo(plan, container.Process.StepsDone);
        RunHooks(plan, plan.Header->PoststopSteps, plan.Header->PoststopStepCount, 0);
        if ((flags & PlanFlags.RemoveRunDirectory) != 0)
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

    // One that fails is told, and the others run.
    private static void RunHooks(Plan plan, uint offset, uint count, int pid)
    {
        var failure = new Failure();
        for (uint i = 0; i < count; i++)
        {
            if (HookStep.Run(plan, plan.Steps(offset) + i, pid, ref failure) < 0)
            {
                LaunchExit.Report(plan, failure, 0);
            }
        }
    }

    private static int Launch(ref SupervisedContainer container, ref Failure failure)
    {
        var plan = container.Process.Plan;
        var result = Prepare(ref container, ref failure);
        result = result < 0 ? result : HostSteps.PerformBeforeBirth(ref container.Process, ref failure);
        result = result < 0 ? result : OpenStreams(ref container, ref failure);
        result = result < 0 ? result : ProcessBirth.Start(ref container.Process, ref failure);
        result = result < 0 ? result : TakeTerminal(ref container, ref failure);
        container.CloseChildEnds();
        if (result < 0)
        {
            return result;
        }

        result = Records.WriteBirth(plan, container.Process.Pid, ref failure);
        if (result < 0)
        {
            Kernel.SignalProcess(container.Process.PidFd, Kernel.SIGKILL);
            Kernel.Wait(Kernel.P_PIDFD, container.Process.PidFd, out _);
            return result;
        }

        RunHooks(plan, plan.Header->PoststartSteps, plan.Header->PoststartStepCount, container.Process.Pid);
        return 0;
    }

    private static int Prepare(ref SupervisedContainer container, ref Failure failure)
    {
        var plan = container.Process.Plan;
        var preserved = BareStart.CheckPreserved(plan.Header->PreservedDescriptors);
        if (preserved < 0)
        {
            return Failure.At(ref failure, FailurePoint.Preserved, preserved);
        }

        if (container.Signals < 0)
        {
            return Failure.At(ref failure, FailurePoint.Signals, container.Signals);
        }

        if (plan.Header->RunDirectory != 0)
        {
            var result = Kernel.ChangeDirectory(plan.At(plan.Header->RunDirectory));
            if (result < 0)
            {
                return Failure.At(ref failure, FailurePoint.RunDirectory, plan.Header->RunDirectory, result);
            }

            container.Listener = Kernel.ListenAt("control.sock"u8);
            if (container.Listener < 0)
            {
                return Failure.At(ref failure, FailurePoint.ControlSocket, container.Listener);
            }
        }

        if (plan.Header->LogPath != 0)
        {
            container.Log = OutputLog.Open(plan);
            if (container.Log < 0)
            {
                return Failure.At(ref failure, FailurePoint.OpenLog, plan.Header->LogPath, container.Log);
            }
        }

        return 0;
    }

    private static int OpenStreams(ref SupervisedContainer container, ref Failure failure)
    {
        var flags = (PlanFlags)container.Process.Plan.Header->Flags;
        container.Output = new OutputStream(-1, -1);
        container.Error = new OutputStream(-1, -1);
        if ((flags & PlanFlags.Terminal) != 0)
        {
            return OpenConsole(ref container, ref failure);
        }

        if ((flags & PlanFlags.InheritOutput) != 0)
        {
            return 0;
        }

        var result = Kernel.Pipe(out var output, out container.Process.Output);
        if (result < 0)
        {
            return Failure.At(ref failure, FailurePoint.Pipe, result);
        }

        result = Kernel.Pipe(out var error, out container.Process.Error);
        if (result < 0)
        {
            return Failure.At(ref failure, FailurePoint.Pipe, result);
        }

        container.Output = new OutputStream(output, container.OutputSink);
        container.Error = new OutputStream(error, container.ErrorSink);
        return 0;
    }

    // The master comes through a socket: the caller's, or one whose other end is kept here.
    private static int OpenConsole(ref SupervisedContainer container, ref Failure failure)
    {
        var header = container.Process.Plan.Header;
        if (header->ConsoleSocket != 0)
        {
            container.Process.Console = ConsoleSocket.Connect(container.Process.Plan.At(header->ConsoleSocket));
            return container.Process.Console < 0
                ? Failure.At(ref failure, FailurePoint.Console, header->ConsoleSocket, container.Process.Console)
                : 0;
        }

        var result = Kernel.SocketPair(out container.Console, out container.Process.Console);
        return result < 0 ? Failure.At(ref failure, FailurePoint.Pipe, result) : 0;
    }

    private static int TakeTerminal(ref SupervisedContainer container, ref Failure failure)
    {
        if (container.Console < 0)
        {
            return 0;
        }

        byte name;
        var result = (int)Kernel.ReceiveDescriptor(container.Console, &name, 1, out var master);
        Kernel.Close(container.Console);
        container.Console = -1;
        if (master < 0)
        {
            return Failure.At(ref failure, FailurePoint.Console, result < 0 ? result : -(int)Errno.EPIPE);
        }

        Terminal.Adopt(ref container, master);
        return 0;
    }

    private static int OptionalDescriptor(int fd) => Kernel.Status(fd, out _) < 0 ? -1 : fd;

    private static int ReportFailure(int status, Plan plan, Failure failure, bool isForeground)
    {
        var buffer = stackalloc byte[StatusMessage.MaximumText];
        var text = new Text(buffer, StatusMessage.MaximumText);
        failure.Describe(plan, ref text);
        if (isForeground && status < 0 && failure.Point != FailurePoint.Told)
        {
            ErrorReport.Write(plan, ref text);
        }

        StatusReport.SendFailure(status, failure, ref text);
        return LaunchExit.Code(failure);
    }
}
