using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that give up what the command must not have. capabilities(7).</summary>
internal static unsafe class IdentitySteps
{
    internal static int DropBounding(PlanStep* step)
    {
        for (var capability = 0; capability <= (int)step->Value2; capability++)
        {
            if ((step->Value >> capability & 1) == 0)
            {
                var result = Kernel.Control(Kernel.PR_CAPBSET_DROP, capability);

                // A capability that this kernel does not know cannot be in the set.
                if (result < 0 && result != -(int)Errno.EINVAL)
                {
                    return result;
                }
            }
        }

        return 0;
    }

    /// <summary>
    /// Groups first: once the user id is gone, nothing else can be changed. KEEPCAPS lets SetCapabilities choose what remains.
    /// </summary>
    internal static int ChangeUser(ref ContainerContext context)
    {
        HandOverPipes(context.User);
        fixed (uint* groups = context.Groups)
        {
            var result = Kernel.Control(Kernel.PR_SET_KEEPCAPS, 1);
            result = result < 0 ? result : (int)Kernel.Call(SyscallNumber.SetGroups, context.GroupCount, (nint)groups);
            var group = (nint)context.Group;
            var user = (nint)context.User;
            result = result < 0 ? result : (int)Kernel.Call(SyscallNumber.SetResGid, group, group, group);
            result = result < 0 ? result : (int)Kernel.Call(SyscallNumber.SetResUid, user, user, user);
            result = result < 0 ? result : Kernel.Control(Kernel.PR_SET_KEEPCAPS, 0);

            // Other ids make a process as dumpable as fs.suid_dumpable says, which may be more than it was.
            return result < 0 ? result : Kernel.Control(Kernel.PR_SET_DUMPABLE, 0);
        }
    }

    /// <summary>
    /// Leaving user 0 takes the capabilities for files out of the effective set. capabilities(7), "Effect of user ID changes"
    /// </summary>
    internal static int ActAs(PlanStep* step)
    {
        Kernel.Call(SyscallNumber.SetFsGid, (nint)step->Value2);
        Kernel.Call(SyscallNumber.SetFsUid, (nint)step->Value);
        return Kernel.RaiseCapabilities();
    }

    // Whoever opens /dev/stdout opens the pipe anew, and as another user must own it. Files and devices stay whose they are: a runtime
    // that hands over its caller's /dev/null hands over the host's. A pipe from outside a user namespace cannot be had, and stays too.
    private static void HandOverPipes(uint user)
    {
        for (var fd = 0; fd <= 2 && user != 0; fd++)
        {
            if (Kernel.Status(fd, out var status) >= 0 && (status.Mode & Kernel.S_IFMT) == Kernel.S_IFIFO && status.User != user)
            {
                Kernel.ChangeOwner(fd, user, uint.MaxValue);
            }
        }
    }

    internal static int SetCapabilities(PlanStep* step) =>
        Kernel.SetCapabilities(step->Value2, step->Value, step->A | ((ulong)step->B << 32));

    internal static int RaiseAmbient(PlanStep* step)
    {
        for (var capability = 0; capability < 64; capability++)
        {
            if ((step->Value >> capability & 1) != 0)
            {
                var result = Kernel.Control(Kernel.PR_CAP_AMBIENT, 2, capability); // PR_CAP_AMBIENT_RAISE
                if (result < 0)
                {
                    return result;
                }
            }
        }

        return 0;
    }
}
