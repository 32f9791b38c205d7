using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>A process, held so that its number can't come to mean another one. pidfd_open(2)</summary>
public sealed unsafe class PidFd : FileDescriptor
{
    private readonly int _pid;

    private PidFd(int pid) => _pid = pid;

    /// <exception cref="LinuxException">ESRCH: there is no such process.</exception>
    public static PidFd Open(int pid)
    {
        var fd = new PidFd(pid);
        fd.Adopt((int)LinuxException.Check(Libc.pidfd_open(SyscallNumber.PidFdOpen, pid, 0), nameof(Libc.pidfd_open), $"{pid}"));
        return fd;
    }

    /// <exception cref="LinuxException">ESRCH: it has ended.</exception>
    public void Signal(int signal) => LinuxException.Check(
        Libc.pidfd_send_signal(SyscallNumber.PidFdSendSignal, Number, signal, null, 0), nameof(Libc.pidfd_send_signal), $"{_pid}");
}
