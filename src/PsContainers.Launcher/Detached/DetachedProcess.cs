using PsContainers.Launcher.Birth;
using PsContainers.Launcher.Host;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Detached;

/// <summary>
/// `create`, `run --detach`, `exec --detach`: makes the process, notes it down and ends. Whoever called becomes its parent, if it is a
/// subreaper, as conmon and containerd's shim are.
/// </summary>
internal static unsafe class DetachedProcess
{
    /// <param name="directory">The new container's, to be removed where the plan cannot be read; null for a further process.</param>
    internal static int Run(int planDescriptor, byte* directory)
    {
        if (BareStart.Prepare(planDescriptor) < 0 || Plan.MapAndClose(planDescriptor, out var plan) < 0)
        {
            Records.RemoveDirectory(directory);
            return LaunchExit.NoPlan;
        }

        var failure = new Failure();
        var process = new NewProcess(plan);
        if (Launch(ref process, ref failure) < 0)
        {
            HostSteps.Undo(plan, process.StepsDone);
            Records.RemoveDirectory(plan);
            return LaunchExit.Report(plan, failure, LaunchExit.Failed);
        }

        // Nobody is left to stop the container, so a hook that fails afterwards is told and no more.
        if (plan.Header->PoststartStepCount > 0 && ((PlanFlags)plan.Header->Flags & PlanFlags.AwaitStart) == 0)
        {
            Records.ReadState(out var pid, out _);
            if (HostSteps.PerformAll(plan, plan.Header->PoststartSteps, plan.Header->PoststartStepCount, pid, ref failure) < 0)
            {
                LaunchExit.Report(plan, failure, 0);
            }
        }

        return 0;
    }

    private static int Launch(ref NewProcess process, ref Failure failure)
    {
        var plan = process.Plan;
        var header = plan.Header;
        var preserved = BareStart.CheckPreserved(header->PreservedDescriptors);
        if (preserved < 0)
        {
            return Failure.At(ref failure, FailurePoint.Preserved, preserved);
        }

        if (header->RunDirectory != 0)
        {
            var entered = Kernel.ChangeDirectory(plan.At(header->RunDirectory));
            if (entered < 0)
            {
                return Failure.At(ref failure, FailurePoint.RunDirectory, header->RunDirectory, entered);
            }
        }

        if (((PlanFlags)header->Flags & PlanFlags.AwaitStart) != 0)
        {
            process.StartListener = Kernel.ListenAt("start.sock"u8);
            if (process.StartListener < 0)
            {
                return Failure.At(ref failure, FailurePoint.StartSocket, process.StartListener);
            }
        }

        if (header->ConsoleSocket != 0)
        {
            process.Console = ConsoleSocket.Connect(plan.At(header->ConsoleSocket));
            if (process.Console < 0)
            {
                return Failure.At(ref failure, FailurePoint.Console, header->ConsoleSocket, process.Console);
            }
        }

        var result = HostSteps.PerformBeforeBirth(ref process, ref failure);
        return result < 0 ? result : ProcessBirth.Start(ref process, ref failure);
    }
}
