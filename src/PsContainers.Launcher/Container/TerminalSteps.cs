using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Container;

/// <summary>Steps that give the process a terminal. pty(7)</summary>
/// <remarks>
/// The image is hostile: its /dev/pts/ptmx may be anything. The master is taken only from a devpts, and the slave from the master itself,
/// never by name (CVE-2025-52565).
/// </remarks>
internal static unsafe class TerminalSteps
{
    private const int NameBytes = 64;
    private const ulong PtmxDevice = 0x502; // 5:2
    private const uint SlaveMajor = 136;

    internal static int Open(ref ContainerContext context, PlanStep* step)
    {
        if (context.Root < 0)
        {
            context.Root = Kernel.Open(Kernel.AtFdCwd, Kernel.Literal("/"u8), Kernel.O_PATH | Kernel.O_DIRECTORY);
        }

        var master = OpenMaster(ref context);
        if (master < 0)
        {
            return master;
        }

        var result = Kernel.UnlockTerminal(master);
        context.Terminal = result < 0 ? result : Kernel.OpenSlave(master);
        result = context.Terminal;
        if (result >= 0)
        {
            result = SetSize(context.Terminal, step);
        }

        result = result < 0 || (step->Flags & 1) == 0 ? result : BindConsole(ref context);
        result = result < 0 ? result : HandOut(ref context, master);
        Kernel.Close(master);
        return result;
    }

    internal static int Attach(ref ContainerContext context)
    {
        // Group tty and its mode come from devpts; only the owner is this user's. A mount may refuse: then it stays root's.
        Kernel.ChangeOwner(context.Terminal, context.User, uint.MaxValue);
        var result = Kernel.TakeControllingTerminal(context.Terminal);
        for (var number = 0; number <= 2 && result >= 0; number++)
        {
            result = Kernel.Duplicate(context.Terminal, number);
        }

        Kernel.Close(context.Terminal);
        return result;
    }

    // As asked for; else that of the caller's own terminal, which stdin still is. Now, since the command may look at once.
    private static int SetSize(int terminal, PlanStep* step)
    {
        var size = new Kernel.WindowSize { Rows = (ushort)step->Value, Columns = (ushort)step->Value2 };
        return size.Rows > 0 || Kernel.GetWindowSize(0, out size) >= 0 ? Kernel.SetWindowSize(terminal, size) : 0;
    }

    private static int OpenMaster(ref ContainerContext context)
    {
        const ulong resolve = Kernel.RESOLVE_IN_ROOT | Kernel.RESOLVE_NO_MAGICLINKS;
        var master = Kernel.OpenResolved(context.Root, Kernel.Literal("/dev/pts/ptmx"u8), Kernel.O_RDWR | Kernel.O_NOCTTY, resolve);
        if (master < 0)
        {
            return context.At(FailurePoint.OpenTarget, master);
        }

        var result = Kernel.Status(master, out var status);
        if (result >= 0
            && ((status.Mode & Kernel.S_IFMT) != Kernel.S_IFCHR
                || status.RepresentedDevice != PtmxDevice
                || Kernel.FileSystemType(master) != Kernel.DevPtsMagic))
        {
            result = -(int)Errno.ENODEV;
        }

        if (result < 0)
        {
            Kernel.Close(master);
            return context.At(FailurePoint.VerifySource, result);
        }

        return master;
    }

    // The slave's own mount, cloned from its descriptor: no path is looked up that the image could have prepared.
    private static int BindConsole(ref ContainerContext context)
    {
        var source = (int)Kernel.Call(
            SyscallNumber.OpenTree, context.Terminal, (nint)Kernel.Literal(""u8), 1 | Kernel.O_CLOEXEC | Kernel.AT_EMPTY_PATH);
        if (source < 0)
        {
            return context.At(FailurePoint.OpenSource, source);
        }

        var result = Kernel.Status(source, out var status);
        if (result >= 0 && ((status.Mode & Kernel.S_IFMT) != Kernel.S_IFCHR || (status.RepresentedDevice >> 8 & 0xfff) != SlaveMajor))
        {
            result = context.At(FailurePoint.VerifySource, -(int)Errno.ENODEV);
        }

        var target = result < 0 ? result : TargetPath.OpenOrMake(ref context, Kernel.Literal("/dev/console"u8), directory: false);
        if (target >= 0)
        {
            // An image's own link may have led to a setting of the kernel.
            result = MountGuard.Check(ref context, target, isProc: false);
            result = result < 0 ? result : Kernel.MoveMount(source, target);
            Kernel.Close(target);
        }

        Kernel.Close(source);
        return target < 0 ? target : result;
    }

    private static int HandOut(ref ContainerContext context, int master)
    {
        var number = Kernel.TerminalNumber(master);
        if (number < 0)
        {
            return number;
        }

        var buffer = stackalloc byte[NameBytes];
        var name = new Text(buffer, NameBytes);
        name.Add("/dev/pts/"u8);
        name.Add(number);
        var result = Kernel.SendDescriptor(context.Console, master, name.Pointer, name.Length);
        Kernel.Close(context.Console);
        return result < 0 ? context.At(FailurePoint.SendConsole, result) : 0;
    }
}
