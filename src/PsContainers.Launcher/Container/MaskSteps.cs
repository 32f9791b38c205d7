using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that take paths of the finished tree out of view or out of reach.</summary>
internal static unsafe class MaskSteps
{
    private const uint ReadOnly = 0x1; // MOUNT_ATTR_RDONLY
    private const uint MaskAttributes = ReadOnly | 0x2 | 0x4 | 0x8; // MOUNT_ATTR_NOSUID | NODEV | NOEXEC

    internal static int MaskPath(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.Open(ref context, context.Plan.At(step->C));
        if (target < 0)
        {
            return target == -(int)Errno.ENOENT ? 0 : target;
        }

        var result = MountGuard.CheckFileSystem(ref context, target, (long)step->Value);
        var status = default(FileStatus);
        result = result < 0 ? result : Kernel.Status(target, out status);
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

        var result = MountGuard.CheckFileSystem(ref context, target, (long)step->Value);
        var clone = result < 0 ? result : Kernel.CloneTree(target, Kernel.Literal(""u8), recursive: true);
        result = clone;
        if (clone >= 0)
        {
            result = Kernel.SetMountAttributes(
                clone, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH | Kernel.AT_RECURSIVE, ReadOnly, 0, 0);
            result = result < 0 ? result : Kernel.MoveMount(clone, target);
            Kernel.Close(clone);
        }

        Kernel.Close(target);
        return result;
    }

    // One tmpfs serves every masked directory: a clone of a mount is cheaper than a superblock of its own.
    private static int MaskDirectory(ref ContainerContext context, int target)
    {
        if (context.MaskDirectory >= 0)
        {
            var clone = Kernel.CloneTree(context.MaskDirectory, Kernel.Literal(""u8), recursive: false);
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
        result = result < 0 ? result : Kernel.MountFileSystem(fs, MaskAttributes);
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
        var source = Kernel.CloneTree(Kernel.AtFdCwd, Kernel.Literal("/dev/null"u8), recursive: false);
        if (source < 0)
        {
            return context.At(FailurePoint.OpenSource, source);
        }

        var result = Kernel.Status(source, out var status);
        if (result >= 0 && ((status.Mode & Kernel.S_IFMT) != Kernel.S_IFCHR || status.RepresentedDevice != Kernel.Device(1, 3)))
        {
            result = context.At(FailurePoint.VerifySource, -(int)Errno.ENODEV);
        }

        result = result < 0 ? result : Kernel.MoveMount(source, target);
        Kernel.Close(source);
        return result;
    }
}
