using PsContainers.Launcher.Birth;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps in which the container's process waits for somebody outside.</summary>
internal static unsafe class ReleaseSteps
{
    internal static int AskHost(ref ContainerContext context, PlanStep* step)
    {
        var result = Channel.Send(context.Channel, LaunchMessageKind.Ask, (int)context.Plan.OffsetOf(step));
        return result < 0 ? result : Channel.Expect(context.Channel, LaunchMessageKind.Go);
    }

    /// <summary>
    /// The launcher has noted everything down when it answers; from there on this process lives without it, and the death of its parent,
    /// which is about to end, must not be its own.
    /// </summary>
    internal static int Release(ref ContainerContext context, PlanStep* step)
    {
        var result = Channel.Send(context.Channel, LaunchMessageKind.Ready);
        result = result < 0 ? result : Channel.Expect(context.Channel, LaunchMessageKind.Go);
        result = result < 0 ? result : Kernel.Control(Kernel.PR_SET_PDEATHSIG, 0);
        result = result < 0 ? result : Channel.Send(context.Channel, LaunchMessageKind.Released);
        return result < 0 || (step->Flags & 1) == 0 ? result : AwaitStart(ref context);
    }

    // Whoever connects and goes without a word only looked whether this process still waits.
    private static int AwaitStart(ref ContainerContext context)
    {
        Kernel.Close(context.Channel);
        context.Channel = -1;
        while (true)
        {
            var entry = new Kernel.PollEntry { Descriptor = context.StartListener, Wanted = Kernel.POLLIN };
            Kernel.Poll(&entry, 1);
            var caller = (int)Kernel.Call(SyscallNumber.Accept4, context.StartListener, 0, 0, Kernel.O_CLOEXEC);
            if (caller == -(int)Errno.EAGAIN)
            {
                continue;
            }

            if (caller < 0)
            {
                return caller;
            }

            if (Channel.Expect(caller, LaunchMessageKind.Go) == 0)
            {
                context.Channel = caller;
                Kernel.Close(context.StartListener);
                return Channel.Send(caller, LaunchMessageKind.Released);
            }

            Kernel.Close(caller);
        }
    }
}
