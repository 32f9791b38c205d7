using PsContainers.Launcher.Host;
using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Detached;

/// <summary>`delete` of a container that has ended: its cgroups in reverse, its poststop hooks, its directory.</summary>
internal static unsafe class DeleteProcess
{
    /// <summary>Left to the managed half: whatever is not simply the deletion of an ended container.</summary>
    internal const int NotSimple = -1;

    private const int TextBytes = 1280;

    /// <summary>An error, unless somebody else has removed the container meanwhile: `run` does so at its end.</summary>
    internal static int Refuse(byte* directory, BareOptions options)
    {
        if (Kernel.Open(Kernel.AtFdCwd, directory, Kernel.O_PATH) == -(int)Linux.Errno.ENOENT)
        {
            return 0;
        }

        var buffer = stackalloc byte[TextBytes];
        var text = new Text(buffer, TextBytes);
        text.Add("cannot delete container "u8);
        text.Add(options.Id);
        text.Add(": it is in use, or its plan cannot be read"u8);
        options.Report(ref text);
        return LaunchExit.Failed;
    }

    internal static int Run(byte* directory, BareOptions options)
    {
        // Gone is what the caller wants, as with runc and crun; containerd asks for it after every container.
        if (options.IsForced && IsGone(directory))
        {
            return 0;
        }

        var before = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("."u8), Kernel.O_PATH | Kernel.O_DIRECTORY);
        if (ContainerDirectory.Enter(directory, out var plan) < 0
            || ContainerDirectory.Lock() < 0
            || HostSteps.HasProcesses(plan)
            || MayBeAlive())
        {
            Kernel.ChangeDirectory(before);
            return NotSimple;
        }

        if (BareStart.Prepare(2) < 0)
        {
            return LaunchExit.Failed;
        }

        options.Apply(plan);
        HostSteps.Undo(plan, plan.Header->SupervisorStepCount);

        // A hook that fails is told, and what is left to be done is done: runtime-spec, "Lifecycle", step 13.
        var failure = new Failure();
        for (uint i = 0; i < plan.Header->PoststopStepCount; i++)
        {
            if (HookStep.Run(plan, plan.Steps(plan.Header->PoststopSteps) + i, 0, ref failure) < 0)
            {
                LaunchExit.Report(plan, failure, 0);
            }
        }

        return Records.RemoveDirectory(plan) < 0 ? LaunchExit.Failed : 0;
    }

    // A process that cannot be looked for is not taken for one that has ended.
    private static bool MayBeAlive()
    {
        var result = Records.ReadState(out var pid, out var startTime);
        return result >= 0 ? ProcessStatus.MayBeAlive(pid, startTime) : result != -(int)Errno.ENOENT;
    }

    private static bool IsGone(byte* directory)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, directory, Kernel.O_PATH);
        Kernel.Close(fd);
        return fd == -(int)Errno.ENOENT;
    }
}
