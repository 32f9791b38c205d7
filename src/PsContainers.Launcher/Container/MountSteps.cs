using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that build the container's mount tree.</summary>
internal static unsafe class MountSteps
{
    private const int DataBytes = 4096;

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
        var result = fs < 0 ? fs : Configure(fs, context.Plan.Pointers(step->B, (uint)step->Value2), step->Value2);
        result = result < 0 ? result : Kernel.Configure(fs, Kernel.FSCONFIG_CMD_CREATE, null, null);
        result = result < 0 ? result : Kernel.MountFileSystem(fs, 0);
        result = result < 0 ? result : Kernel.MoveMount(result, target);
        Kernel.CloseFrom(fs, onExec: true);
        return result;
    }

    /// <summary>Sets pairs of key and value; an empty value is a flag. fsconfig(2)</summary>
    internal static int Configure(int fs, byte** texts, ulong count)
    {
        var result = 0;
        for (ulong i = 0; i < count && result >= 0; i += 2)
        {
            var isFlag = texts[i + 1][0] == 0;
            result = Kernel.Configure(
                fs, isFlag ? Kernel.FSCONFIG_SET_FLAG : Kernel.FSCONFIG_SET_STRING, texts[i], isFlag ? null : texts[i + 1]);
        }

        return result;
    }

    internal static int OpenRoot(ref ContainerContext context, PlanStep* step)
    {
        context.Root = Kernel.Open(Kernel.AtFdCwd, context.Plan.At(step->A), Kernel.O_PATH | Kernel.O_DIRECTORY);
        if (context.Root < 0)
        {
            return context.Root;
        }

        var path = stackalloc byte[ContainerContext.MaximumPath];
        var length = ContainerContext.PathOf(context.Root, path);
        context.RootLength = length == 1 ? 0 : length;
        return length;
    }

    internal static int Mount(ref ContainerContext context, PlanStep* step)
    {
        // These two are trusted for what they show. A symlink of the image must not decide where they are (CVE-2019-16884).
        var type = context.Plan.At(step->A);
        var isProc = Kernel.Equal(type, "proc"u8);
        var links = !isProc && !Kernel.Equal(type, "sysfs"u8);
        var copiesMode = (step->Flags & 1) != 0 ? TargetPath.Open(ref context, context.Plan.At(step->C)) : -1;
        var target = copiesMode >= 0
            ? copiesMode
            : TargetPath.OpenOrMake(ref context, context.Plan.At(step->C), directory: true, links);
        var result = target < 0 ? target : MountGuard.Check(ref context, target, isProc);
        if (result >= 0)
        {
            result = copiesMode >= 0
                ? MountWithMode(target, context.Plan.At(step->D), type, step->Value, context.Plan.At(step->B))
                : MountOn(target, context.Plan.At(step->D), type, step->Value, context.Plan.At(step->B));
        }

        Kernel.Close(target);
        return result;
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
        return context.At(FailurePoint.SetPropagation, result);
    }

    internal static int SetAttributes(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.Open(ref context, context.Plan.At(step->C));
        if (target < 0)
        {
            return target;
        }

        var flags = Kernel.AT_EMPTY_PATH | ((step->Flags & 1) != 0 ? Kernel.AT_RECURSIVE : 0);
        var result = Kernel.SetMountAttributes(target, Kernel.Literal(""u8), flags, (uint)step->Value, step->Value >> 32, 0);
        Kernel.Close(target);
        return result;
    }

    /// <summary>
    /// pivot_root(".", ".") stacks the old root over the new one, so no directory for it is needed; the lazy unmount drops it whole.
    /// </summary>
    internal static int PivotRoot(ref ContainerContext context, PlanStep* step)
    {
        var isShared = (step->Flags & 1) != 0;
        var old = isShared ? Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/"u8), Kernel.O_PATH | Kernel.O_DIRECTORY) : 0;
        var result = old < 0 ? old : Kernel.ChangeDirectory(context.Root);
        result = result < 0 ? result : Kernel.PivotRoot(Kernel.Literal("."u8), Kernel.Literal("."u8));
        if (isShared && result >= 0)
        {
            // Or the host would have its own mounts unmounted along with these.
            result = Kernel.SetMountAttributes(
                old, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH | Kernel.AT_RECURSIVE, 0, 0, Kernel.MS_SLAVE);
            Kernel.Close(old);
        }

        result = result < 0 ? result : Kernel.Unmount(Kernel.Literal("."u8), Kernel.MNT_DETACH);
        return result < 0 ? result : Kernel.ChangeDirectory(Kernel.Literal("/"u8));
    }

    /// <summary>A path is on the mount of the nearest folder above it that takes a change of propagation.</summary>
    internal static int IsolateMountOf(byte* directory)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, directory, Kernel.O_PATH);
        if (fd < 0)
        {
            return fd;
        }

        var path = stackalloc byte[ContainerContext.MaximumPath];
        var length = ContainerContext.PathOf(fd, path);
        Kernel.Close(fd);
        var result = length;
        while (length > 0)
        {
            path[length] = 0;
            result = Kernel.Mount(null, path, null, Kernel.MS_PRIVATE, null);
            if (result != -(int)Errno.EINVAL || length == 1)
            {
                return result;
            }

            while (path[--length] != '/')
            {
            }

            length = length == 0 ? 1 : length;
        }

        return result;
    }

    // A tmpfs would have mode 1777; what it covers had another for a reason.
    private static int MountWithMode(int target, byte* source, byte* type, ulong flags, byte* data)
    {
        var result = Kernel.Status(target, out var status);
        if (result < 0)
        {
            return result;
        }

        var buffer = stackalloc byte[DataBytes];
        var options = new Text(buffer, DataBytes);
        AddMode(ref options, status.Mode);
        if (data != null)
        {
            options.Add(","u8);
            options.Add(data);
        }

        return options.IsCut ? -(int)Errno.E2BIG : MountOn(target, source, type, flags, options.Pointer);
    }

    private static void AddMode(ref Text options, uint mode)
    {
        var digits = stackalloc byte[4];
        for (var i = 0; i < 4; i++)
        {
            digits[i] = (byte)('0' + ((mode >> (9 - (3 * i))) & 7));
        }

        options.Add("mode="u8);
        options.Add(new ReadOnlySpan<byte>(digits, 4));
    }

    private static int MountOn(int target, byte* source, byte* type, ulong flags, byte* data)
    {
        var buffer = stackalloc byte[ContainerContext.DescriptorPathBytes];
        var path = new Text(buffer, ContainerContext.DescriptorPathBytes);
        ContainerContext.DescriptorPath(target, ref path);
        return Kernel.Mount(source, path.Pointer, type, flags, data);
    }
}
