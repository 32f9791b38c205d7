using PsContainers.Linux;
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
        if (result == -(int)Errno.EEXIST)
        {
            result = CheckNode(ref context, parent, name, step);
        }
        else if (result >= 0 && (step->A | step->B) != 0)
        {
            result = Kernel.ChangeOwnerAt(parent, name, step->A, step->B);
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
        if (result == -(int)Errno.EEXIST)
        {
            result = (step->Flags & 1) == 0 ? 0 : Replace(context.Plan.At(step->A), parent, name);
        }

        Kernel.Close(parent);
        return result;
    }

    private static int Replace(byte* linkTarget, int parent, byte* name)
    {
        var result = Kernel.Remove(parent, name, 0);
        return result < 0 ? result : Kernel.MakeSymlink(linkTarget, parent, name);
    }

    // An image may bring the node. One that brings another thing in its place is refused: the specification says so.
    private static int CheckNode(ref ContainerContext context, int parent, byte* name, PlanStep* step)
    {
        var node = Kernel.Open(parent, name, Kernel.O_PATH | Kernel.O_NOFOLLOW);
        if (node < 0)
        {
            return node;
        }

        var result = Kernel.Status(node, out var status);
        Kernel.Close(node);
        var isSame = result >= 0
            && (status.Mode & Kernel.S_IFMT) == (step->Value & Kernel.S_IFMT)
            && status.RepresentedDevice == Kernel.Device((uint)(step->Value2 >> 32), (uint)step->Value2);
        return isSame ? 0 : context.At(FailurePoint.OtherNode, -(int)Errno.EEXIST);
    }
}
