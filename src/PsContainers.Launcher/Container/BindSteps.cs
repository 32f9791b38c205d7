using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Bind mounts in two halves: the source cloned and prepared, then attached. Each half may run in a process of its own.</summary>
/// <remarks>
/// In a user namespace the source may be out of reach, and its ids cannot be mapped: whoever runs the first half must be outside of it.
/// The second needs nothing but the descriptor and the container's root.
/// </remarks>
internal static unsafe class BindSteps
{
    internal static int Bind(ref ContainerContext context, PlanStep* step)
    {
        var source = IsOpened(step) ? (int)step->A : OpenSource(ref context, step);
        if (source < 0)
        {
            return source;
        }

        var result = AttachSource(ref context, step, source);
        Kernel.Close(source);
        return result;
    }

    internal static int BindDevice(ref ContainerContext context, PlanStep* step)
    {
        var source = IsOpened(step) ? (int)step->A : OpenDevice(ref context, step);
        if (source < 0)
        {
            return source;
        }

        var result = AttachDevice(ref context, step, source);
        Kernel.Close(source);
        return result;
    }

    /// <summary>A detached clone of the source, ready to be attached anywhere.</summary>
    internal static int OpenSource(ref ContainerContext context, PlanStep* step)
    {
        var path = context.Plan.At(step->A);
        var isRecursive = ((BindFlags)step->Flags & BindFlags.Recursive) != 0;
        var part = step->D == 0 ? null : context.Plan.At(((uint*)context.Plan.At(step->D))[3]);
        var source = part == null
            ? context.At(FailurePoint.OpenSource, Kernel.CloneTree(Kernel.AtFdCwd, path, isRecursive))
            : ClonePart(ref context, path, part, isRecursive);
        if (source < 0)
        {
            return source;
        }

        var result = Prepare(ref context, step, source);
        if (result >= 0)
        {
            return source;
        }

        Kernel.Close(source);
        return result;
    }

    /// <summary>
    /// Attaches what <see cref="OpenSource"/> gave, on a directory or a file as the source is; the descriptor stays open.
    /// </summary>
    internal static int AttachSource(ref ContainerContext context, PlanStep* step, int source)
    {
        var result = Kernel.Status(source, out var status);
        if (result < 0)
        {
            return context.At(FailurePoint.OpenSource, result);
        }

        var isDirectory = (status.Mode & Kernel.S_IFMT) == Kernel.S_IFDIR;
        result = Attach(ref context, context.Plan.At(step->C), source, isDirectory);
        if (result >= 0 && step->B != 0)
        {
            // Not earlier: a mount attached below a shared one becomes shared.
            var flags = Kernel.AT_EMPTY_PATH | ((step->B & Kernel.MS_REC) != 0 ? Kernel.AT_RECURSIVE : 0);
            result = Kernel.SetMountAttributes(source, Kernel.Literal(""u8), flags, 0, 0, step->B & ~Kernel.MS_REC);
            result = context.At(FailurePoint.SetPropagation, result);
        }

        return result;
    }

    /// <summary>A detached clone of the host's node, checked to be the one that was asked for.</summary>
    internal static int OpenDevice(ref ContainerContext context, PlanStep* step)
    {
        var source = Kernel.CloneTree(Kernel.AtFdCwd, context.Plan.At(step->A), recursive: false);
        if (source < 0)
        {
            return context.At(FailurePoint.OpenSource, source);
        }

        var result = Kernel.Status(source, out var status);
        if (result >= 0 && ((status.Mode & Kernel.S_IFMT) != step->Value
            || status.RepresentedDevice != Kernel.Device((uint)(step->Value2 >> 32), (uint)step->Value2)))
        {
            result = -(int)Errno.ENODEV;
        }

        // Of the host's tree nothing may come in later, and nothing go back.
        result = result < 0
            ? context.At(FailurePoint.VerifySource, result)
            : context.At(
                FailurePoint.SetPropagation,
                Kernel.SetMountAttributes(source, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH, 0, 0, Kernel.MS_PRIVATE));
        if (result >= 0)
        {
            return source;
        }

        Kernel.Close(source);
        return result;
    }

    internal static int AttachDevice(ref ContainerContext context, PlanStep* step, int source) =>
        Attach(ref context, context.Plan.At(step->C), source, isDirectory: false);

    // The part is found in the tree of mounts that the source is in, and cloned from there by its descriptor: what a name stands for may
    // change in between. Without what is mounted below the source, nothing in there is a part of it.
    private static int ClonePart(ref ContainerContext context, byte* source, byte* part, bool isRecursive)
    {
        var whole = Kernel.Open(Kernel.AtFdCwd, source, Kernel.O_PATH);
        if (whole < 0)
        {
            return context.At(FailurePoint.OpenSource, whole);
        }

        var resolve = Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS | (isRecursive ? 0 : Kernel.RESOLVE_NO_XDEV);
        var found = Kernel.OpenResolved(whole, part, Kernel.O_PATH, resolve);
        Kernel.Close(whole);
        if (found < 0)
        {
            return context.At(FailurePoint.OpenPart, found);
        }

        var clone = Kernel.CloneTree(found, Kernel.Literal(""u8), isRecursive);
        Kernel.Close(found);
        return context.At(FailurePoint.OpenPart, clone);
    }

    private static bool IsOpened(PlanStep* step) => ((BindFlags)step->Flags & BindFlags.Opened) != 0;

    private static int Attach(ref ContainerContext context, byte* path, int source, bool isDirectory)
    {
        var target = TargetPath.OpenOrMake(ref context, path, isDirectory);
        if (target < 0)
        {
            return target;
        }

        var result = MountGuard.Check(ref context, target, Kernel.FileSystemOf(source) == Kernel.PROC_SUPER_MAGIC);
        result = result < 0 ? result : Kernel.MoveMount(source, target);
        if (result == -(int)Linux.Errno.EINVAL && IsOtherKind(target, isDirectory))
        {
            result = context.At(FailurePoint.OtherKind, result);
        }

        Kernel.Close(target);
        return result;
    }

    private static bool IsOtherKind(int target, bool isDirectory) =>
        Kernel.Status(target, out var status) >= 0 && (status.Mode & Kernel.S_IFMT) == Kernel.S_IFDIR != isDirectory;

    // Ids first: only a mount that nothing else has changed or seen can be mapped. Then what goes for the tree, then for its top.
    private static int Prepare(ref ContainerContext context, PlanStep* step, int source)
    {
        var flags = (BindFlags)step->Flags;
        var texts = (uint*)context.Plan.At(step->D);
        if (texts != null && (texts[0] | texts[2]) != 0)
        {
            var mapped = MapIds(ref context, texts, source, (flags & BindFlags.MapsIdsRecursively) != 0);
            if (mapped < 0)
            {
                return mapped;
            }
        }

        var propagation = (flags & BindFlags.Private) != 0 ? Kernel.MS_PRIVATE : (flags & BindFlags.Slave) != 0 ? Kernel.MS_SLAVE : 0;
        var result = 0;
        if ((step->Value2 | propagation) != 0)
        {
            result = Kernel.SetMountAttributes(
                source, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH | Kernel.AT_RECURSIVE,
                (uint)step->Value2, step->Value2 >> 32, propagation);
        }

        if (step->Value != 0 && result >= 0)
        {
            result = Kernel.SetMountAttributes(
                source, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH, (uint)step->Value, step->Value >> 32, 0);
        }

        return context.At(FailurePoint.SetAttributes, result);
    }

    private static int MapIds(ref ContainerContext context, uint* texts, int source, bool recursive)
    {
        var path = context.Plan.At(texts[2]);
        var userNamespace = path != null
            ? Kernel.Open(Kernel.AtFdCwd, path, Kernel.O_RDONLY)
            : UserNamespaceFactory.Make(context.Plan.At(texts[0]), context.Plan.At(texts[1]));
        if (userNamespace < 0)
        {
            return context.At(FailurePoint.UserNamespace, userNamespace);
        }

        var result = Kernel.MapIds(source, userNamespace, recursive);
        Kernel.Close(userNamespace);
        return context.At(FailurePoint.MapIds, result);
    }
}
