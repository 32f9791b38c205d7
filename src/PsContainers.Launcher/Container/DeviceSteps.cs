using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that fill the container's /dev.</summary>
internal static unsafe class DeviceSteps
{
    private const int PathBytes = 4096;

    internal static int MakeDevice(ref ContainerContext context, PlanStep* step)
    {
        var buffer = stackalloc byte[PathBytes];
        var parent = TargetPath.OpenParent(ref context, context.Plan.At(step->C), buffer, out var name);
        if (parent < 0)
        {
            return parent;
        }

        var result = Kernel.MakeNode(parent, name, (int)step->Value, (uint)(step->Value2 >> 32), (uint)step->Value2);
        if (result >= 0 && (step->A | step->B) != 0)
        {
            result = (int)Kernel.Call(
                Linux.Interop.SyscallNumber.FchownAt, parent, (nint)name, (nint)step->A, (nint)step->B, 0x100); // AT_SYMLINK_NOFOLLOW
        }

        Kernel.Close(parent);
        return result;
    }

    internal static int MakeSymlink(ref ContainerContext context, PlanStep* step)
    {
        var buffer = stackalloc byte[PathBytes];
        var parent = TargetPath.OpenParent(ref context, context.Plan.At(step->C), buffer, out var name);
        if (parent < 0)
        {
            return parent;
        }

        var result = Kernel.MakeSymlink(context.Plan.At(step->A), parent, name);
        Kernel.Close(parent);
        return result == -(int)Linux.Errno.EEXIST ? 0 : result;
    }
}
