using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>ioctl_tty(2), pty(7), termios(3).</summary>
internal static unsafe partial class Kernel
{
    /// <summary>DEVPTS_SUPER_MAGIC: what statfs(2) says of a devpts.</summary>
    internal const long DevPtsMagic = 0x1cd1;

    /// <summary>struct winsize.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        internal ushort Rows;
        internal ushort Columns;
        internal ushort HorizontalPixels;
        internal ushort VerticalPixels;
    }

    /// <summary>The kernel's struct termios: four words of flags, the line discipline, nineteen control characters.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TerminalSettings
    {
        internal uint Input;
        internal uint Output;
        internal uint Control;
        internal uint Local;
        internal fixed byte Characters[20];
    }

    internal static int UnlockTerminal(int master)
    {
        var locked = 0;
        return (int)Call(SyscallNumber.Ioctl, master, 0x40045431, (nint)(&locked)); // TIOCSPTLCK
    }

    /// <summary>The number N of /dev/pts/N.</summary>
    internal static int TerminalNumber(int master)
    {
        var number = 0;
        var result = (int)Call(SyscallNumber.Ioctl, master, unchecked((nint)0x80045430), (nint)(&number)); // TIOCGPTN
        return result < 0 ? result : number;
    }

    /// <summary>Opens a master's slave without a path that could lead elsewhere. TIOCGPTPEER, Linux 4.13</summary>
    internal static int OpenSlave(int master) =>
        (int)Call(SyscallNumber.Ioctl, master, 0x5441, O_RDWR | 0x100 | O_CLOEXEC); // O_NOCTTY

    internal static int TakeControllingTerminal(int slave) => (int)Call(SyscallNumber.Ioctl, slave, 0x540E, 0); // TIOCSCTTY

    internal static int SetWindowSize(int terminal, WindowSize size) =>
        (int)Call(SyscallNumber.Ioctl, terminal, 0x5414, (nint)(&size)); // TIOCSWINSZ

    internal static int GetWindowSize(int terminal, out WindowSize size)
    {
        fixed (WindowSize* s = &size)
        {
            return (int)Call(SyscallNumber.Ioctl, terminal, 0x5413, (nint)s); // TIOCGWINSZ
        }
    }

    /// <summary>ENOTTY when the descriptor is no terminal.</summary>
    internal static int GetTerminalSettings(int terminal, out TerminalSettings settings)
    {
        fixed (TerminalSettings* s = &settings)
        {
            return (int)Call(SyscallNumber.Ioctl, terminal, 0x5401, (nint)s); // TCGETS
        }
    }

    internal static int SetTerminalSettings(int terminal, TerminalSettings settings) =>
        (int)Call(SyscallNumber.Ioctl, terminal, 0x5403, (nint)(&settings)); // TCSETSW

    /// <summary>The type of the file system that a descriptor is on, as statfs(2) numbers them.</summary>
    internal static long FileSystemType(int fd)
    {
        var status = stackalloc long[16]; // struct statfs: f_type first
        var result = Call(SyscallNumber.FStatFs, fd, (nint)status);
        return result < 0 ? result : status[0];
    }
}
