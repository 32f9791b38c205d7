using PsContainers.Linux.Bare;
using PsContainers.Linux.Interop;

namespace PsContainers.Launcher;

/// <summary>What every bare process does first.</summary>
internal static unsafe class BareStart
{
    private const int FirstDescriptor = 3;
    private const long ReadOnlyMount = 1; // ST_RDONLY
    private const ulong ReadOnlyAttribute = 1; // MOUNT_ATTR_RDONLY

    /// <returns>0 to go on, or −errno; the error was told.</returns>
    internal static int Prepare(int lastDescriptor)
    {
        var result = Kernel.CloseFrom(lastDescriptor + 1, onExec: false);
        result = result < 0 ? result : FillStandard();

        // Nobody inside a container that is entered may look into this process or take its descriptors (CVE-2016-9962).
        result = result < 0 ? result : Kernel.Control(Kernel.PR_SET_DUMPABLE, 0);
        result = result < 0 ? result : Kernel.Control(Kernel.PR_SET_NAME, (nint)Kernel.Literal("psc-runtime"u8));
        result = result < 0 ? result : Kernel.SetSignal(Kernel.SIGPIPE, ignore: true);
        result = result < 0 ? result : (int)Kernel.Call(SyscallNumber.Umask, 0x3f);
        if (result < 0)
        {
            ErrorReport.Say(Kernel.Literal("starting the launcher"u8), -result);
        }

        return result;
    }

    /// <summary>Whether the caller's descriptors from 3 on, which go into the container, are all there.</summary>
    /// <remarks>A gap would be filled by a descriptor of the launcher's own, and that would go in.</remarks>
    internal static int CheckPreserved(uint count)
    {
        var result = 0;
        for (var i = 0; i < count && result >= 0; i++)
        {
            result = Kernel.Status(FirstDescriptor + i, out _);
        }

        return result;
    }

    // A standard stream that the caller closed would be the number of the next file that is opened, and the container would have it.
    private static int FillStandard()
    {
        var entries = stackalloc Kernel.PollEntry[FirstDescriptor];
        for (var fd = 0; fd < FirstDescriptor; fd++)
        {
            entries[fd] = new Kernel.PollEntry { Descriptor = fd };
        }

        var result = Kernel.PollNow(entries, FirstDescriptor);
        for (var fd = 0; fd < FirstDescriptor && result >= 0; fd++)
        {
            if ((entries[fd].Seen & Kernel.POLLNVAL) != 0)
            {
                // The lowest free number is this one; open(2) without O_CLOEXEC, for the container is to have it.
                result = (int)Kernel.Call(
                    SyscallNumber.OpenAt, Kernel.AtFdCwd, (nint)Kernel.Literal("/dev/null"u8), Kernel.O_RDWR, 0);
            }
        }

        return result < 0 ? result : 0;
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
