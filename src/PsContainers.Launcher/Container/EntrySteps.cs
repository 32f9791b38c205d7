using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps on the host's tree by the process that will enter a user namespace, for the one that will live in it.</summary>
internal static unsafe class EntrySteps
{
    /// <summary>
    /// Opens the source of every bind among the container's steps; the step itself keeps the descriptor, in place of the path. What fails
    /// is told with the words of that step.
    /// </summary>
    internal static int OpenSources(ref ContainerContext context)
    {
        var header = context.Plan.Header;
        var steps = context.Plan.Steps(header->ContainerSteps);
        var result = 0;
        for (uint i = 0; i < header->ContainerStepCount && result >= 0; i++)
        {
            result = IsPart(steps + i) ? 0 : Open(ref context, steps + i);
        }

        return result;
    }

    /// <summary>The same for the first bind that is left, of a part of what is mounted just now.</summary>
    internal static int OpenPart(ref ContainerContext context)
    {
        var header = context.Plan.Header;
        var steps = context.Plan.Steps(header->ContainerSteps);
        for (uint i = 0; i < header->ContainerStepCount; i++)
        {
            if (IsPart(steps + i) && ((BindFlags)steps[i].Flags & BindFlags.Opened) == 0)
            {
                return Open(ref context, steps + i);
            }
        }

        return -(int)Errno.EINVAL;
    }

    internal static int CloneRoot(ref ContainerContext context, PlanStep* step)
    {
        var root = Kernel.CloneTree(Kernel.AtFdCwd, context.Plan.At(step->A), recursive: true);
        if (root < 0)
        {
            return root;
        }

        // Nothing that is mounted on the host later comes in, and nothing goes back.
        var result = Kernel.SetMountAttributes(
            root, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH | Kernel.AT_RECURSIVE, 0, 0, Kernel.MS_PRIVATE);
        context.Root = result < 0 ? result : root;
        return context.Root;
    }

    internal static int MapFolder(ref ContainerContext context, PlanStep* step)
    {
        var folder = Kernel.CloneTree(Kernel.AtFdCwd, context.Plan.At(step->A), recursive: false);
        if (folder < 0)
        {
            return context.At(FailurePoint.OpenSource, folder);
        }

        var userNamespace = UserNamespaceFactory.Make(context.Plan.At(step->B), context.Plan.At(step->C));
        var result = userNamespace < 0
            ? context.At(FailurePoint.UserNamespace, userNamespace)
            : context.At(FailurePoint.MapIds, Kernel.MapIds(folder, userNamespace, recursive: false));
        Kernel.Close(userNamespace);
        result = result < 0 ? result : Kernel.Duplicate(folder, (int)step->Value);
        Kernel.Close(folder);
        return result;
    }

    /// <summary>
    /// On the root of the tree, which is there for everybody: the folder that the root was cloned from may be out of reach by now. A path
    /// still starts below it, so /proc is the host's until the pivot.
    /// </summary>
    internal static int AttachRoot(ref ContainerContext context)
    {
        context.RootLength = 0;
        return (int)Kernel.Call(
            PsContainers.Linux.Interop.SyscallNumber.MoveMount,
            context.Root,
            (nint)Kernel.Literal(""u8),
            Kernel.AtFdCwd,
            (nint)Kernel.Literal("/"u8),
            Kernel.MOVE_MOUNT_F_EMPTY_PATH);
    }

    private static bool IsPart(PlanStep* step) =>
        step->Kind == StepKind.Bind && ((BindFlags)step->Flags & BindFlags.OfWhole) != 0;

    private static int Open(ref ContainerContext context, PlanStep* step)
    {
        if (step->Kind is not (StepKind.Bind or StepKind.BindDevice))
        {
            return 0;
        }

        var source = step->Kind == StepKind.Bind ? BindSteps.OpenSource(ref context, step) : BindSteps.OpenDevice(ref context, step);
        if (source < 0)
        {
            context.Failure = new Failure
            {
                Errno = -source,
                Kind = step->Kind,
                Description = step->Description,
                Point = context.Point,
            };
            return source;
        }

        step->A = (uint)source;
        step->Flags |= (uint)BindFlags.Opened;
        return 0;
    }
}
