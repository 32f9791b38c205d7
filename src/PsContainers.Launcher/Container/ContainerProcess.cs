using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>The container's first process, from clone to execve: it runs its list of steps and reports the first that fails.</summary>
internal static unsafe class ContainerProcess
{
    private const int MemoryForHome = 4096;

    /// <summary>Never returns: the last step is execve, and a failure exits.</summary>
    internal static void Run(Plan plan, int failurePipe)
    {
        var header = plan.Header;
        var context = new ContainerContext
        {
            Plan = plan,
            Root = -1,
            FailurePipe = failurePipe,
            MaskDirectory = -1,
            Arguments = plan.Pointers(header->Arguments, header->ArgumentCount),
            Environment = plan.Pointers(header->Environment, header->EnvironmentCount),
            EnvironmentCount = header->EnvironmentCount,
        };
        var home = stackalloc byte[MemoryForHome];
        home[0] = 0;
        context.Home = home;

        // A shell that dies takes no container with it, but a dead supervisor does: nobody could record the exit.
        Kernel.Control(Kernel.PR_SET_PDEATHSIG, Kernel.SIGKILL);
        Kernel.Call(Linux.Interop.SyscallNumber.SetSid);
        Kernel.Call(Linux.Interop.SyscallNumber.Umask, 0);
        RestoreSignals();

        var steps = plan.Steps(header->ContainerSteps);
        for (uint i = 0; i < header->ContainerStepCount; i++)
        {
            context.Point = FailurePoint.None;
            var result = Perform(ref context, steps + i);
            if (result < 0)
            {
                Report(ref context, steps[i].Kind, steps[i].Description, result);
            }
        }

        Report(ref context, StepKind.None, 0, -(int)Linux.Errno.EINVAL);
    }

    // Ignored signals stay ignored across execve, whoever ignored them: the C library's own two (32, 33) escape sigfillset(3) and
    // posix_spawn(3).
    private static void RestoreSignals()
    {
        for (var signal = 1; signal <= Kernel.LastSignal; signal++)
        {
            Kernel.SetSignal(signal, ignore: false);
        }

        Kernel.BlockSignals(0);
    }

    private static void Report(ref ContainerContext context, StepKind kind, uint description, int result)
    {
        var failure = new Failure { Errno = -result, Kind = kind, Description = description, Point = context.Point };
        Kernel.WriteAll(context.FailurePipe, (byte*)&failure, sizeof(Failure));
        Kernel.Exit(125);
    }

    private static int Perform(ref ContainerContext context, PlanStep* step) => step->Kind switch
    {
        StepKind.JoinCgroup => JoinCgroup(context.Plan.At(step->A)),
        StepKind.Unshare => Kernel.Unshare(step->Value),
        StepKind.SetPropagation => Kernel.Mount(null, Kernel.Literal("/"u8), null, step->Value, null),
        StepKind.ChangeDirectory => Kernel.ChangeDirectory(context.Plan.At(step->A)),
        StepKind.MountRoot => MountSteps.MountRoot(ref context, step),
        StepKind.MountRootByParameters => MountSteps.MountRootByParameters(ref context, step),
        StepKind.OpenRoot => MountSteps.OpenRoot(ref context, step),
        StepKind.Mount => MountSteps.Mount(ref context, step),
        StepKind.Bind => MountSteps.Bind(ref context, step),
        StepKind.SetTargetPropagation => MountSteps.SetPropagation(ref context, step),
        StepKind.SetTargetAttributes => MountSteps.SetAttributes(ref context, step),
        StepKind.MakeDevice => DeviceSteps.MakeDevice(ref context, step),
        StepKind.MakeSymlink => DeviceSteps.MakeSymlink(ref context, step),
        StepKind.MaskPath => MountSteps.MaskPath(ref context, step),
        StepKind.ReadOnlyPath => MountSteps.ReadOnlyPath(ref context, step),
        StepKind.LoopbackUp => Kernel.LoopbackUp(),
        StepKind.SetHostname => SetHostname(context.Plan.At(step->A)),
        StepKind.PivotRoot => MountSteps.PivotRoot(ref context),
        StepKind.RemountRootReadOnly => Kernel.SetMountAttributes(Kernel.AtFdCwd, Kernel.Literal("/"u8), 0, 1, 0, 0),
        StepKind.SetLimit => Kernel.SetLimit((int)step->A, step->Value, step->Value2),
        StepKind.FindUser => UserDatabase.Find(ref context, step),
        StepKind.WorkingDirectory => WorkingDirectory(ref context, context.Plan.At(step->A)),
        StepKind.SetUmask => (int)Kernel.Call(Linux.Interop.SyscallNumber.Umask, (nint)step->Value),
        StepKind.DropBoundingCapabilities => IdentitySteps.DropBounding(step),
        StepKind.ChangeUser => IdentitySteps.ChangeUser(ref context),
        StepKind.SetCapabilities => IdentitySteps.SetCapabilities(step),
        StepKind.RaiseAmbientCapabilities => IdentitySteps.RaiseAmbient(step),
        StepKind.NoNewPrivileges => (int)Kernel.Call(Linux.Interop.SyscallNumber.Prctl, Kernel.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        StepKind.LoadSeccomp => Kernel.SetSeccompFilter(context.Plan.At(step->A), (int)step->Value, step->Flags),
        StepKind.Execute => CommandSearch.Execute(ref context),
        _ => -(int)Linux.Errno.ENOSYS,
    };

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
        (int)Kernel.Call(Linux.Interop.SyscallNumber.SetHostName, (nint)name, Kernel.Length(name));

    // Before the user changes, so that a missing directory can be made: docker and podman make it as root, too.
    private static int WorkingDirectory(ref ContainerContext context, byte* path)
    {
        var result = Kernel.ChangeDirectory(path);
        if (result != -(int)Linux.Errno.ENOENT)
        {
            return result;
        }

        context.Root = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/"u8), Kernel.O_PATH);
        var fd = TargetPath.OpenOrMake(ref context, path, directory: true);
        if (fd < 0)
        {
            return fd;
        }

        result = Kernel.ChangeDirectory(fd);
        Kernel.Close(fd);
        return result;
    }
}
