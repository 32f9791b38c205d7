using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>A tmpfs that begins with what it covers (`tmpcopyup`).</summary>
internal static unsafe class CopySteps
{
    private const int PermissionBits = 0xfff;

    internal static int MountCopy(ref ContainerContext context, PlanStep* step)
    {
        var target = TargetPath.OpenOrMake(ref context, context.Plan.At(step->C), directory: true);
        if (target < 0)
        {
            return target;
        }

        var result = MountGuard.Check(ref context, target, isProc: false);
        var mount = result < 0 ? result : MakeTmpfs(context.Plan.Pointers(step->B, (uint)step->Value2), step->Value2, (uint)step->Value);
        result = mount;
        if (mount >= 0)
        {
            // Filled while it is attached nowhere: no name of it exists yet that could be exchanged.
            result = context.At(FailurePoint.CopyUp, Fill(mount, target, step->Flags));
            result = result < 0 ? result : Kernel.MoveMount(mount, target);
            Kernel.Close(mount);
        }

        Kernel.Close(target);
        return result;
    }

    private static int MakeTmpfs(byte** options, ulong count, uint attributes)
    {
        var fs = Kernel.OpenFileSystem(Kernel.Literal("tmpfs"u8));
        if (fs < 0)
        {
            return fs;
        }

        var result = MountSteps.Configure(fs, options, count);
        result = result < 0 ? result : Kernel.Configure(fs, Kernel.FSCONFIG_CMD_CREATE, null, null);
        result = result < 0 ? result : Kernel.MountFileSystem(fs, attributes);
        Kernel.Close(fs);
        return result;
    }

    private static int Fill(int mount, int target, uint flags)
    {
        var result = Kernel.Status(target, out var status);
        var from = result < 0 ? result : Kernel.Open(target, Kernel.Literal("."u8), Kernel.O_RDONLY | Kernel.O_DIRECTORY);
        var to = from < 0 ? from : Kernel.Open(mount, Kernel.Literal("."u8), Kernel.O_RDONLY | Kernel.O_DIRECTORY);
        result = to;
        if (to >= 0)
        {
            result = TreeCopy.CopyContent(from, to, 0);
            result = result < 0 || (flags & 2) == 0 ? result : Kernel.ChangeOwner(to, status.User, status.Group);
            result = result < 0 || (flags & 1) == 0 ? result : Kernel.ChangeMode(to, (int)status.Mode & PermissionBits);
            Kernel.Close(to);
        }

        if (from >= 0)
        {
            Kernel.Close(from);
        }

        return result;
    }
}
