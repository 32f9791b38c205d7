using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher;

/// <summary>What every bare process does first.</summary>
internal static unsafe class BareStart
{
    private const long ReadOnlyMount = 1; // ST_RDONLY
    private const ulong ReadOnlyAttribute = 1; // MOUNT_ATTR_RDONLY

    internal static void Prepare(int lastDescriptor)
    {
        Kernel.CloseFrom(lastDescriptor + 1, onExec: false);

        // Nobody inside a container that is entered may look into this process or take its descriptors (CVE-2016-9962).
        Kernel.Control(Kernel.PR_SET_DUMPABLE, 0);
        Kernel.Control(Kernel.PR_SET_NAME, (nint)Kernel.Literal("psc-runtime"u8));
        Kernel.SetSignal(Kernel.SIGPIPE, ignore: true);
        Kernel.Call(SyscallNumber.Umask, 0x3f);
    }

    /// <summary>
    /// Goes on only in a process whose executable nobody can open for writing: it executes itself again from a read-only mount of its own,
    /// unless it came from there. A container whose command is /proc/self/exe runs this program, and could otherwise overwrite it for the
    /// host (CVE-2019-5736).
    /// </summary>
    /// <returns>0 to go on, or −errno.</returns>
    internal static int Protect(byte** arguments, byte** environment)
    {
        if (IsProtected())
        {
            return 0;
        }

        var self = OpenProtected();
        return self < 0 ? self : Kernel.Execute(self, arguments, environment);
    }

    /// <summary>A descriptor of this program on a read-only mount that belongs to no namespace.</summary>
    internal static int OpenProtected()
    {
        var self = (int)Kernel.Call(
            SyscallNumber.OpenTree, Kernel.AtFdCwd, (nint)Kernel.Literal("/proc/self/exe"u8), 1 | Kernel.O_CLOEXEC); // OPEN_TREE_CLONE
        if (self < 0)
        {
            return self;
        }

        var result = Kernel.SetMountAttributes(self, Kernel.Literal(""u8), Kernel.AT_EMPTY_PATH, ReadOnlyAttribute, 0, 0);
        if (result < 0)
        {
            Kernel.Close(self);
            return result;
        }

        return self;
    }

    private static bool IsProtected()
    {
        var status = stackalloc long[16]; // struct statfs: f_flags is its eleventh word
        return Kernel.Call(SyscallNumber.StatFs, (nint)Kernel.Literal("/proc/self/exe"u8), (nint)status) >= 0
            && (status[10] & ReadOnlyMount) != 0;
    }
}
