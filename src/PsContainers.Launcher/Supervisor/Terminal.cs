using PsContainers.Linux.Bare;
using PsContainers.Runtime.Launch;

namespace PsContainers.Launcher.Supervisor;

/// <summary>The supervisor's end of a container's terminal and, in the foreground, the caller's own one before it. pty(7)</summary>
internal static unsafe class Terminal
{
    internal static void Adopt(ref SupervisedContainer container, int master)
    {
        container.Master = master;
        if (((PlanFlags)container.Process.Plan.Header->Flags & PlanFlags.InheritOutput) == 0)
        {
            container.Output = new OutputStream(master, container.OutputSink) { IsTerminal = true };
            return;
        }

        container.Output = new OutputStream(master, Reopen(Kernel.Literal("/proc/self/fd/1"u8), Kernel.O_WRONLY, 1)) { IsTerminal = true };
        container.Input = new OutputStream(
            Reopen(Kernel.Literal("/proc/self/fd/0"u8), Kernel.O_RDONLY, 0), Kernel.DuplicateAnywhere(master));
        MakeRaw(ref container);
        Resize(ref container);
    }

    /// <summary>Gives the container's terminal the size of the caller's.</summary>
    internal static void Resize(ref SupervisedContainer container)
    {
        if (container.Master >= 0 && Kernel.GetWindowSize(0, out var size) >= 0)
        {
            Kernel.SetWindowSize(container.Master, size);
        }
    }

    internal static int Resize(ref SupervisedContainer container, int rows, int columns) => Kernel.SetWindowSize(
        container.Master, new Kernel.WindowSize { Rows = (ushort)rows, Columns = (ushort)columns });

    internal static void Restore(ref SupervisedContainer container)
    {
        if (container.IsRaw)
        {
            Kernel.SetTerminalSettings(0, container.Settings);
            container.IsRaw = false;
        }
    }

    // Keys go through as they are: Ctrl+C is a signal inside, not here. cfmakeraw(3)
    private static void MakeRaw(ref SupervisedContainer container)
    {
        if (Kernel.GetTerminalSettings(0, out container.Settings) < 0)
        {
            return;
        }

        var raw = container.Settings;
        raw.Input &= ~0x5EBu; // IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON
        raw.Output &= ~0x1u; // OPOST
        raw.Local &= ~0x804Bu; // ISIG | ICANON | ECHO | ECHONL | IEXTEN
        raw.Control = (raw.Control & ~0x130u) | 0x30; // CSIZE | PARENB; CS8
        raw.Characters[1 + 6] = 1; // VMIN
        raw.Characters[1 + 5] = 0; // VTIME
        container.IsRaw = Kernel.SetTerminalSettings(0, raw) >= 0;
    }

    // An open file of its own: non-blocking mode belongs to the open file, which the caller's shell shares. A socket cannot be opened so.
    private static int Reopen(byte* path, int flags, int number)
    {
        var fd = Kernel.Open(Kernel.AtFdCwd, path, flags | Kernel.O_NONBLOCK | Kernel.O_NOCTTY);
        return fd >= 0 ? fd : Kernel.DuplicateAnywhere(number);
    }
}
