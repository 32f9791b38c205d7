using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>clone(2), execve(2), waitid(2), prctl(2), capset(2), seccomp(2), setuid(2), unshare(2), setrlimit(2), sigaction(2).</summary>
internal static unsafe partial class Kernel
{
    internal const ulong CLONE_PIDFD = 0x1000;
    internal const ulong CLONE_PARENT = 0x8000;
    internal const ulong CLONE_NEWTIME = 0x80;
    internal const ulong CLONE_NEWPID = 0x20000000;
    internal const ulong CLONE_NEWUSER = 0x10000000;
    internal const ulong CLONE_INTO_CGROUP = 0x200000000;
    internal const ulong CLONE_NEWNET = 0x40000000;
    internal const ulong CLONE_NEWCGROUP = 0x02000000;
    internal const int SIGCHLD = 17;
    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;
    internal const int SIGSTOP = 19;
    internal const int LastSignal = 64;
    internal const int P_PID = 1;
    internal const int P_PIDFD = 3;
    internal const int WEXITED = 4;
    internal const uint SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
    internal const int PR_SET_PDEATHSIG = 1;
    internal const int PR_SET_DUMPABLE = 4;
    internal const int PR_SET_KEEPCAPS = 8;
    internal const int PR_SET_NAME = 15;
    internal const int PR_CAPBSET_DROP = 24;
    internal const int PR_SET_NO_NEW_PRIVS = 38;
    internal const int PR_CAP_AMBIENT = 47;

    /// <summary>
    /// fork(2), said with clone3(2) so that the child can be born in namespaces and a cgroup. 0 in the child, its pid in the parent.
    /// </summary>
    internal static int Clone(ulong flags, int cgroup, out int pidFd)
    {
        // A child with the caller's parent inherits the signal that announces its end (clone3 takes none for it).
        var fd = -1;
        var arguments = stackalloc ulong[11];
        new Span<ulong>(arguments, 11).Clear();
        arguments[0] = flags | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0);
        arguments[1] = (flags & CLONE_PIDFD) != 0 ? (ulong)(&fd) : 0;
        arguments[4] = (flags & CLONE_PARENT) != 0 ? 0UL : SIGCHLD;
        arguments[10] = cgroup >= 0 ? (uint)cgroup : 0;
        var result = (int)Call(SyscallNumber.Clone3, (nint)arguments, 88);
        pidFd = fd;
        return result;
    }

    /// <summary>
    /// fork(2) by the older clone(2), for a process under a system call filter: filters refuse clone3(2), whose flags they cannot read.
    /// </summary>
    internal static int Fork() => (int)Call(SyscallNumber.Clone, SIGCHLD);

    /// <summary>setsid(2)</summary>
    internal static int NewSession() => (int)Call(SyscallNumber.SetSid);

    /// <summary>setns(2): a namespace's own descriptor, or a pidfd with all flags wanted (Linux 5.8).</summary>
    internal static int JoinNamespace(int fd, ulong flags) => (int)Call(SyscallNumber.SetNs, fd, (nint)flags);

    internal static int OpenProcess(int pid) => (int)Call(SyscallNumber.PidFdOpen, pid, 0);

    /// <summary>Executes the file behind a descriptor. execveat(2), AT_EMPTY_PATH</summary>
    internal static int Execute(int fd, byte** arguments, byte** environment) => (int)Call(
        SyscallNumber.ExecveAt, fd, (nint)Literal(""u8), (nint)arguments, (nint)environment, AT_EMPTY_PATH);

    internal static int Execute(byte* path, byte** arguments, byte** environment) =>
        (int)Call(SyscallNumber.Execve, (nint)path, (nint)arguments, (nint)environment);

    internal static void Exit(int code) => Call(SyscallNumber.ExitGroup, code);

    /// <summary>waitid(2) for one child: its exit status, or 128 + the signal that ended it.</summary>
    internal static int Wait(int idType, int id, out int signal)
    {
        var information = stackalloc int[32];
        nint result;
        do
        {
            result = Call(SyscallNumber.WaitId, idType, id, (nint)information, WEXITED, 0);
        }
        while (result == -4);
        signal = 0;
        if (result < 0)
        {
            return (int)result;
        }

        // siginfo_t: si_code at 8 (CLD_EXITED = 1), si_status at 24.
        if (information[2] == 1)
        {
            return information[6];
        }

        signal = information[6];
        return 128 + signal;
    }

    internal static int Control(int option, nint a = 0, nint b = 0) => (int)Call(SyscallNumber.Prctl, option, a, b, 0, 0);

    internal static int Unshare(ulong flags) => (int)Call(SyscallNumber.Unshare, (nint)flags);

    internal static int EnterNamespace(int fd, ulong type) => (int)Call(SyscallNumber.SetNs, fd, (nint)type);

    internal static int SignalProcess(int pidFd, int signal) => (int)Call(SyscallNumber.PidFdSendSignal, pidFd, signal, 0, 0);

    internal static int SetLimit(int resource, ulong soft, ulong hard)
    {
        var limit = stackalloc ulong[2];
        limit[0] = soft;
        limit[1] = hard;
        return (int)Call(SyscallNumber.Prlimit64, 0, resource, (nint)limit, 0);
    }

    /// <summary>As many descriptors as the hard limit lets us have, and at most so many. RLIMIT_NOFILE</summary>
    internal static int RaiseDescriptorLimit(ulong wanted)
    {
        const int descriptors = 7;
        var limit = stackalloc ulong[2];
        var result = (int)Call(SyscallNumber.Prlimit64, 0, descriptors, 0, (nint)limit);
        return result < 0 || limit[0] >= wanted ? result : SetLimit(descriptors, Math.Min(wanted, limit[1]), limit[1]);
    }

    /// <summary>Makes every permitted capability effective.</summary>
    internal static int RaiseCapabilities()
    {
        var header = stackalloc uint[2];
        header[0] = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
        header[1] = 0;
        var data = stackalloc uint[6];
        var result = (int)Call(SyscallNumber.Capget, (nint)header, (nint)data);
        data[0] = data[1];
        data[3] = data[4];
        return result < 0 ? result : (int)Call(SyscallNumber.Capset, (nint)header, (nint)data);
    }

    internal static int SetCapabilities(ulong effective, ulong permitted, ulong inheritable)
    {
        var header = stackalloc uint[2];
        header[0] = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
        header[1] = 0;
        var data = stackalloc uint[6];
        data[0] = (uint)effective;
        data[1] = (uint)permitted;
        data[2] = (uint)inheritable;
        data[3] = (uint)(effective >> 32);
        data[4] = (uint)(permitted >> 32);
        data[5] = (uint)(inheritable >> 32);
        return (int)Call(SyscallNumber.Capset, (nint)header, (nint)data);
    }

    /// <summary>seccomp(SECCOMP_SET_MODE_FILTER): a classic BPF program of 8-byte instructions.</summary>
    internal static int SetSeccompFilter(byte* program, int instructions, uint flags)
    {
        var header = stackalloc nint[2];
        header[0] = instructions;
        header[1] = (nint)program;
        return (int)Call(SyscallNumber.Seccomp, 1, (nint)flags, (nint)header);
    }

    /// <summary>Sets a signal's disposition to default or, with <paramref name="ignore"/>, to ignored.</summary>
    internal static int SetSignal(int signal, bool ignore)
    {
        var action = stackalloc nint[4];
        new Span<nint>(action, 4).Clear();
        action[0] = ignore ? 1 : 0;
        return (int)Call(SyscallNumber.RtSigAction, signal, (nint)action, 0, 8);
    }

    /// <summary>
    /// All signals to default and none blocked. Ignored signals stay ignored across execve, whoever ignored them: the C library's own two
    /// (32, 33) escape sigfillset(3) and posix_spawn(3).
    /// </summary>
    internal static int RestoreSignals()
    {
        for (var signal = 1; signal <= LastSignal; signal++)
        {
            var result = signal is SIGKILL or SIGSTOP ? 0 : SetSignal(signal, ignore: false);
            if (result < 0)
            {
                return result;
            }
        }

        return BlockSignals(0);
    }

    /// <summary>Blocks exactly these signals; bit n − 1 is signal n.</summary>
    internal static int BlockSignals(ulong set) => (int)Call(SyscallNumber.RtSigProcMask, 2, (nint)(&set), 0, 8); // SIG_SETMASK

    /// <summary>A descriptor that delivers blocked signals as 128-byte records, the number first. signalfd(2)</summary>
    internal static int OpenSignals(ulong set) =>
        (int)Call(SyscallNumber.SignalFd4, -1, (nint)(&set), 8, O_CLOEXEC | O_NONBLOCK);

    /// <summary>Bytes that nobody can guess. getrandom(2)</summary>
    internal static int FillRandom(byte* buffer, int count) => (int)Call(SyscallNumber.Getrandom, (nint)buffer, count, 0);

    internal static long RealTime()
    {
        var time = stackalloc long[2];
        Call(SyscallNumber.ClockGetTime, 0, (nint)time);
        return (time[0] * 1_000_000_000) + time[1];
    }
}
