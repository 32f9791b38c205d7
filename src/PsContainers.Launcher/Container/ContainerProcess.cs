using PsContainers.Launcher.Birth;
using PsContainers.Launcher.Host;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>The container's first process, from clone to execve: it runs its list of steps and reports the first that fails.</summary>
internal static unsafe class ContainerProcess
{
    private const int PathBytes = 4096;

    /// <summary>Never returns: the last step is execve, and a failure exits.</summary>
    internal static void Run(ref NewProcess process, int channel)
    {
        var plan = process.Plan;
        var header = plan.Header;
        var context = new ContainerContext
        {
            Plan = plan,
            Root = -1,
            Channel = channel,
            StartListener = process.StartListener,
            Target = process.Target,
            Console = process.Console,
            Terminal = -1,
            MaskDirectory = -1,
            ExecAttributes = -1,
            Arguments = plan.Pointers(header->Arguments, header->ArgumentCount),
            Environment = plan.Pointers(header->Environment, header->EnvironmentCount),
            EnvironmentCount = header->EnvironmentCount,
        };
        var home = stackalloc byte[PathBytes];
        home[0] = 0;
        context.Home = home;
        var command = stackalloc byte[PathBytes];
        command[0] = 0;
        context.Command = command;

        Check(ref context, FailurePoint.Standard, Standard(ref process));
        if (header->EntryStepCount > 0)
        {
            Enter(ref context);
        }

        // A shell that dies takes no container with it, but a dead launcher does: nobody could record the end.
        Check(ref context, FailurePoint.Session, Kernel.Control(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL));
        Check(ref context, FailurePoint.Session, (int)Kernel.Call(SyscallNumber.SetSid));
        Check(ref context, FailurePoint.Session, (int)Kernel.Call(SyscallNumber.Umask, 0));
        Check(ref context, FailurePoint.Signals, Kernel.RestoreSignals());

        // Until the launcher has written the maps of the user namespace, this process is nobody in it.
        if (header->EntryStepCount > 0 || (header->CloneFlags & Kernel.CLONE_NEWUSER) != 0)
        {
            Check(ref context, FailurePoint.Channel, Birth.Channel.Expect(channel, LaunchMessageKind.Go));
        }

        PerformAll(ref context, header->ContainerSteps, header->ContainerStepCount);
        Report(ref context, StepKind.None, 0, -(int)Errno.EINVAL);
    }

    // Steps before the container's namespaces exist, in a process of their own: what it clones is born in them, and is a child of the
    // launcher. It returns in that child only.
    private static void Enter(ref ContainerContext context)
    {
        var header = context.Plan.Header;
        PerformAll(ref context, header->EntrySteps, header->EntryStepCount);
        var pid = Kernel.Clone(header->CloneFlags | Kernel.CLONE_PARENT, -1, out _);
        if (pid == 0)
        {
            return;
        }

        Check(ref context, FailurePoint.Clone, pid);

        // Not told, the child hears no word either, and ends with the channel.
        Check(ref context, FailurePoint.Channel, Birth.Channel.Send(context.Channel, LaunchMessageKind.Born, pid));
        Kernel.Exit(0);
    }

    private static void PerformAll(ref ContainerContext context, uint offset, uint count)
    {
        var steps = context.Plan.Steps(offset);
        for (uint i = 0; i < count; i++)
        {
            context.Point = FailurePoint.None;
            var result = Perform(ref context, steps + i);
            if (result < 0)
            {
                Report(ref context, steps[i].Kind, steps[i].Description, result);
            }
        }
    }

    // For what is no step: a failure ends the process.
    private static void Check(ref ContainerContext context, FailurePoint point, int result)
    {
        if (result < 0)
        {
            context.Point = point;
            Report(ref context, StepKind.None, 0, result);
        }
    }

    private static int Standard(ref NewProcess process)
    {
        var result = Standard(0, process.Input);
        result = result < 0 ? result : Standard(1, process.Output);
        return result < 0 ? result : Standard(2, process.Error);
    }

    private static int Standard(int number, int fd) => fd < 0 ? 0 : Kernel.Duplicate(fd, number);

    private static void Report(ref ContainerContext context, StepKind kind, uint description, int result)
    {
        var failure = context.Failure.Errno != 0 || context.Failure.Point != FailurePoint.None
            ? context.Failure
            : new Failure { Errno = -result, Kind = kind, Description = description, Point = context.Point };
        Birth.Channel.Send(context.Channel, new LaunchMessage { Kind = LaunchMessageKind.Failed, Failure = failure });
        Kernel.Exit(125);
    }

    private static int Perform(ref ContainerContext context, PlanStep* step) => step->Kind switch
    {
        StepKind.JoinCgroup => JoinCgroup(context.Plan.At(step->A)),
        StepKind.Unshare => Kernel.Unshare(step->Value),
        StepKind.SetAffinity => ProcessAttributeSteps.SetAffinity(ref context, step),
        StepKind.JoinNamespace => NamespaceSteps.Join(ref context, step),
        StepKind.JoinTarget => Kernel.JoinNamespace(context.Target, step->Value),
        StepKind.OpenSources => EntrySteps.OpenSources(ref context),
        StepKind.OpenPart => EntrySteps.OpenPart(ref context),
        StepKind.CloneRoot => EntrySteps.CloneRoot(ref context, step),
        StepKind.MapFolder => EntrySteps.MapFolder(ref context, step),
        StepKind.ActAs => IdentitySteps.ActAs(step),
        StepKind.AttachRoot => EntrySteps.AttachRoot(ref context),
        StepKind.BecomeRoot => NamespaceSteps.BecomeRoot(step),
        StepKind.EnterTimeNamespace => NamespaceSteps.EnterTime(ref context, step),
        StepKind.AskHost => ReleaseSteps.AskHost(ref context, step),
        StepKind.RunHook => HookStep.Run(context.Plan, step, (int)Kernel.Call(SyscallNumber.GetPid), ref context.Failure),
        StepKind.OpenTerminal => TerminalSteps.Open(ref context, step),
        StepKind.SetPropagation => Kernel.Mount(null, Kernel.Literal("/"u8), null, step->Value, null),
        StepKind.ChangeDirectory => Kernel.ChangeDirectory(context.Plan.At(step->A)),
        StepKind.MountRoot => MountSteps.MountRoot(ref context, step),
        StepKind.MountRootByParameters => MountSteps.MountRootByParameters(ref context, step),
        StepKind.OpenRoot => MountSteps.OpenRoot(ref context, step),
        StepKind.Mount => MountSteps.Mount(ref context, step),
        StepKind.MountCopy => CopySteps.MountCopy(ref context, step),
        StepKind.Bind => BindSteps.Bind(ref context, step),
        StepKind.Unmount => Kernel.Unmount(context.Plan.At(step->A), Kernel.MNT_DETACH),
        StepKind.BindDevice => BindSteps.BindDevice(ref context, step),
        StepKind.IsolateMountOf => MountSteps.IsolateMountOf(context.Plan.At(step->A)),
        StepKind.SetTargetPropagation => MountSteps.SetPropagation(ref context, step),
        StepKind.SetTargetAttributes => MountSteps.SetAttributes(ref context, step),
        StepKind.MakeDevice => DeviceSteps.MakeDevice(ref context, step),
        StepKind.MakeSymlink => DeviceSteps.MakeSymlink(ref context, step),
        StepKind.MaskPath => MaskSteps.MaskPath(ref context, step),
        StepKind.ReadOnlyPath => MaskSteps.ReadOnlyPath(ref context, step),
        StepKind.LoopbackUp => Kernel.LoopbackUp(),
        StepKind.SetHostname => SetHostname(context.Plan.At(step->A)),
        StepKind.PivotRoot => MountSteps.PivotRoot(ref context, step),
        StepKind.RemountRootReadOnly => Kernel.SetMountAttributes(Kernel.AtFdCwd, Kernel.Literal("/"u8), 0, 1, 0, 0),
        StepKind.SetDomainname => ProcessAttributeSteps.SetDomainname(context.Plan.At(step->A)),
        StepKind.WriteProcFile => ProcessAttributeSteps.WriteProcFile(ref context, step),
        StepKind.OpenExecAttributes => ProcessAttributeSteps.OpenExecAttributes(ref context),
        StepKind.SetScheduler => ProcessAttributeSteps.SetScheduler(ref context, step),
        StepKind.SetIoPriority => ProcessAttributeSteps.SetIoPriority(step),
        StepKind.SetMemoryPolicy => ProcessAttributeSteps.SetMemoryPolicy(ref context, step),
        StepKind.SetPersonality => ProcessAttributeSteps.SetPersonality(step),
        StepKind.SetExecLabel => ProcessAttributeSteps.SetExecLabel(ref context, step),
        StepKind.SetLimit => ProcessAttributeSteps.SetLimit(ref context, step),
        StepKind.FindUser => UserDatabase.Find(ref context, step),
        StepKind.WorkingDirectory => WorkingDirectory(ref context, context.Plan.At(step->A)),
        StepKind.AttachTerminal => TerminalSteps.Attach(ref context),
        StepKind.SetUmask => (int)Kernel.Call(SyscallNumber.Umask, (nint)step->Value),
        StepKind.DropBoundingCapabilities => IdentitySteps.DropBounding(step),
        StepKind.ChangeUser => IdentitySteps.ChangeUser(ref context),
        StepKind.SetCapabilities => IdentitySteps.SetCapabilities(step),
        StepKind.RaiseAmbientCapabilities => IdentitySteps.RaiseAmbient(step),
        StepKind.NoNewPrivileges => (int)Kernel.Call(SyscallNumber.Prctl, Kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        StepKind.LoadSeccomp => ProcessAttributeSteps.LoadSeccomp(ref context, step),
        StepKind.CloseDescriptors => CloseDescriptors(ref context),
        StepKind.FindCommand => CommandSearch.Find(ref context),
        StepKind.Release => ReleaseSteps.Release(ref context, step),
        StepKind.Execute => CommandSearch.Execute(ref context),
        _ => -(int)Errno.ENOSYS,
    };

    private static int CloseDescriptors(ref ContainerContext context)
    {
        var low = Math.Min(context.Channel, context.StartListener);
        var high = Math.Max(context.Channel, context.StartListener);
        low = low < 0 ? high : low;
        var result = Kernel.CloseRange(3 + (int)context.Plan.Header->PreservedDescriptors, low - 1);
        result = result < 0 ? result : Kernel.CloseRange(low + 1, high - 1);
        return result < 0 ? result : Kernel.CloseFrom(high + 1, onExec: false);
    }

    // "0" means the writer itself. A single thread writing to v1 `tasks` avoids the global lock that `cgroup.procs` takes (6–8 ms).
    private static int JoinCgroup(byte* file)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, file, Kernel.O_WRONLY);
        if (fd < 0)
        {
            return fd;
        }

        var result = Kernel.WriteAll(fd, Kernel.Literal("0"u8), 1);
        Kernel.Close(fd);
        return result;
    }

    private static int SetHostname(byte* name) =>
        (int)Kernel.Call(SyscallNumber.SetHostName, (nint)name, Kernel.Length(name));

    // Before the user changes, so that a missing directory can be made: docker and podman make it as root, too. Found like every other
    // path of the image: a link to /proc/self/fd/N must not lead out through a descriptor of the launcher (CVE-2024-21626).
    private static int WorkingDirectory(ref ContainerContext context, byte* path)
    {
        context.Root = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/"u8), Kernel.O_PATH | Kernel.O_DIRECTORY);
        var fd = TargetPath.OpenOrMake(ref context, path, directory: true);
        if (fd < 0)
        {
            return fd;
        }

        var result = Kernel.ChangeDirectory(fd);
        Kernel.Close(fd);
        return result;
    }
}
