using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that build the container's mount tree.</summary>
internal static unsafe class MountSteps
{
    private const int PathBytes = 64;
    private const uint ReadOnlyAttributes = 0x1 | 0x2 | 0x4 | 0x8; // MOUNT_ATTR_RDONLY | NOSUID | NODEV | NOEXEC
    private const int OpenTreeClone = 1;

    internal static int MountRoot(ref ContainerContext context, PlanStep* step) =>
        Kernel.Mount(context.Plan.At(step->B), context.Plan.At(step->D), context.Plan.At(step->A), step->Value, context.Plan.At(step->C));

    /// <summary>
    /// An overlay of so many layers that its options outgrow mount(2)'s page: `lowerdir+` takes them one by one (Linux 6.5).
    /// </summary>
    internal static int MountRootByParameters(ref ContainerContext context, PlanStep* step)
    {
        var target = Kernel.Open(Kernel.AtFdCwd, context.Plan.At(step->D), Kernel.O_PATH);
        if (target < 0)
        {
            return context.At(FailurePoint.OpenTarget, target);
        }

        var fs = Kernel.OpenFileSystem(context.Plan.At(step->A));
        var result = fs;
        var texts = context.Plan.Pointers(step->B, (uint)step->Value2);
        for (ulong i = 0; i < step->Value2 && result >= 0; i += 2)
        {
            var isFlag = texts[i + 1][0] == 0;
            result = Kernel.Configure(
                fs, isFlag ? Kernel.FSCONFIG_SET_FLAG : Kernel.FSCONFIG_SET_STRING, texts[i], isFlag ? null : texts[i + 1]);
        }

        result = result < 0 ? result : Kernel.Configure(fs, Kernel.FSCONFIG_CMD_CREATE, null, null);
        result = result < 0 ? result : Kernel.MountFileSystem(fs, 0);
        result = result < 0 ? result : Kernel.MoveMount(result, target);
        Kernel.CloseFrom(fs, onExec: true);
        return result;
    }

    internal static int OpenRoot(ref ContainerContext context, PlanStep* step) =>
        context.Root = Kernel.Open(Kernel.AtFdCwd, context.Plan.At(step->A), Kernel.O_PATH | Kernel.O_DIRECTORY);

    internal static int Mount(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.OpenOrMake(ref context, context.Plan.At(step->C), directory: true);
        if (target < 0)
        {
            return target;
        }

        var result = MountOn(target, context.Plan.At(step->D), context.Plan.At(step->A), step->Value, context.Plan.At(step->B));
        Kernel.Close(target);
        return result;
    }

    internal static int Bind(ref ContainerContext context, PlanStep* step)
    {
        var source = CloneTree(Kernel.AtFdCwd, context.Plan.At(step->A), step->Value != 0);
        if (source < 0)
        {
            return context.At(FailurePoint.OpenSource, source);
        }

        var flags = Kernel.AT_EMPTY_PATH | (step->Value != 0 ? Kernel.AT_RECURSIVE : 0);
        var result = step->Value2 == 0 ? 0 : Kernel.SetMountAttributes(source, Kernel.Literal(""u8), flags, step->Value2, 0, 0);
        var target = result < 0 ? result : TargetPath.OpenOrMake(ref context, context.Plan.At(step->C), (step->Flags & 1) != 0);
        if (target >= 0)
        {
            result = Kernel.MoveMount(source, target);
            Kernel.Close(target);
        }

        Kernel.Close(source);
        return target < 0 ? target : result;
    }

    internal static int SetPropagation(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.Open(ref context, context.Plan.At(step->C));
        if (target < 0)
        {
            return target;
        }

        var result = MountOn(target, null, null, step->Value, null);
        Kernel.Close(target);
        return result;
    }

    internal static int SetAttributes(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.Open(ref context, context.Plan.At(step->C));
        if (target < 0)
        {
            return target;
        }

        var flags = Kernel.AT_EMPTY_PATH | ((step->Flags & 1) != 0 ? Kernel.AT_RECURSIVE : 0);
        var result = Kernel.SetMountAttributes(target, Kernel.Literal(""u8), flags, step->Value, 0, 0);
        Kernel.Close(target);
        return result;
    }

    internal static int MaskPath(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.Open(ref context, context.Plan.At(step->C));
        if (target < 0)
        {
            return target == -(int)Errno.ENOENT ? 0 : target;
        }

        var result = Kernel.Status(target, out var status);
        if (result >= 0)
        {
            result = (status.Mode & Kernel.S_IFMT) == Kernel.S_IFDIR ? MaskDirectory(ref context, target) : MaskFile(ref context, target);
        }

        Kernel.Close(target);
        return result;
    }

    internal static int ReadOnlyPath(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.Open(ref context, context.Plan.At(step->C));
        if (target < 0)
        {
            return target == -(int)Errno.ENOENT ? 0 : target;
        }

        var clone = CloneTree(target, Kernel.Literal(""u8), recursive: true);
        var result = clone;
        if (clone >= 0)
        {
            result = Kernel.SetMountAttributes(
                clone, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH | Kernel.AT_RECURSIVE, ReadOnlyAttributes, 0, 0);
            result = result < 0 ? result : Kernel.MoveMount(clone, target);
            Kernel.Close(clone);
        }

        Kernel.Close(target);
        return result;
    }

    /// <summary>
    /// pivot_root(".", ".") stacks the old root over the new one, so no directory for it is needed; the lazy unmount drops it whole.
    /// </summary>
    internal static int PivotRoot(ref ContainerContext context)
    {
        var result = Kernel.ChangeDirectory(context.Root);
        result = result < 0 ? result : Kernel.PivotRoot(Kernel.Literal("."u8), Kernel.Literal("."u8));
        result = result < 0 ? result : Kernel.Unmount(Kernel.Literal("."u8), Kernel.MNT_DETACH);
        return result < 0 ? result : Kernel.ChangeDirectory(Kernel.Literal("/"u8));
    }

    private static int MountOn(int target, byte* source, byte* type, ulong flags, byte* data)
    {
        var buffer = stackalloc byte[PathBytes];
        var path = new Text(buffer, PathBytes);
        ContainerContext.DescriptorPath(target, ref path);
        return Kernel.Mount(source, path.Pointer, type, flags, data);
    }

    private static int CloneTree(int directory, byte* path, bool recursive) => (int)Kernel.Call(
        SyscallNumber.OpenTree,
        directory,
        (nint)path,
        OpenTreeClone | Kernel.O_CLOEXEC | Kernel.AT_EMPTY_PATH | (recursive ? Kernel.AT_RECURSIVE : 0));

    // One tmpfs serves every masked directory: a clone of a mount is cheaper than a superblock of its own.
    private static int MaskDirectory(ref ContainerContext context, int target)
    {
        if (context.MaskDirectory >= 0)
        {
            var clone = CloneTree(context.MaskDirectory, Kernel.Literal(""u8), recursive: false);
            var moved = clone < 0 ? clone : Kernel.MoveMount(clone, target);
            Kernel.Close(clone);
            return moved;
        }

        var fs = Kernel.OpenFileSystem(Kernel.Literal("tmpfs"u8));
        var result = fs < 0 ? fs : Kernel.Configure(fs, Kernel.FSCONFIG_SET_STRING, Kernel.Literal("size"u8), Kernel.Literal("0k"u8));
        result = result < 0
            ? result
            : Kernel.Configure(fs, Kernel.FSCONFIG_SET_STRING, Kernel.Literal("source"u8), Kernel.Literal("tmpfs"u8));
        result = result < 0 ? result : Kernel.Configure(fs, Kernel.FSCONFIG_SET_FLAG, Kernel.Literal("ro"u8), null);
        result = result < 0 ? result : Kernel.Configure(fs, Kernel.FSCONFIG_CMD_CREATE, null, null);
        result = result < 0 ? result : Kernel.MountFileSystem(fs, ReadOnlyAttributes);
        Kernel.Close(fs);
        if (result < 0)
        {
            return result;
        }

        context.MaskDirectory = result;
        return Kernel.MoveMount(result, target);
    }

    // The host's /dev/null is checked to be one: a mask over anything else would show instead of hide (CVE-2025-31133).
    private static int MaskFile(ref ContainerContext context, int target)
    {
        var source = CloneTree(Kernel.AtFdCwd, Kernel.Literal("/dev/null"u8), recursive: false);
        if (source < 0)
        {
            return context.At(FailurePoint.OpenSource, source);
        }

        var result = Kernel.Status(source, out var status);
        if (result >= 0 && ((status.Mode & Kernel.S_IFMT) != Kernel.S_IFCHR || status.RepresentedDevice != 0x103))
        {
            result = context.At(FailurePoint.VerifySource, -(int)Errno.ENODEV);
        }

        result = result < 0 ? result : Kernel.MoveMount(source, target);
        Kernel.Close(source);
        return result;
    }
}
