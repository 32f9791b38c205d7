using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>socket(2), bind(2), listen(2), accept(2), send(2), recv(2), poll(2), netdevice(7).</summary>
internal static unsafe partial class Kernel
{
    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;
    internal const short POLLERR = 8;
    internal const short POLLHUP = 16;
    internal const short POLLNVAL = 32;
    private const int AF_UNIX = 1;
    private const int AF_INET = 2;
    private const int SOCK_STREAM = 1;
    private const int SOCK_DGRAM = 2;
    private const int SOCK_SEQPACKET = 5;
    private const int SOCK_CLOEXEC = 0x80000;
    private const int SOCK_NONBLOCK = 0x800;
    private const int MSG_DONTWAIT = 0x40;
    private const int MSG_NOSIGNAL = 0x4000;

    /// <summary>One descriptor to wait for. poll(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollEntry
    {
        internal int Descriptor;
        internal short Wanted;
        internal short Seen;
    }

    internal static int Poll(PollEntry* entries, int count)
    {
        nint result;
        do
        {
            result = Call(SyscallNumber.Ppoll, (nint)entries, count, 0, 0, 8);
        }
        while (result == -4);
        return (int)result;
    }

    /// <summary>Looks and does not wait.</summary>
    internal static int PollNow(PollEntry* entries, int count)
    {
        var timeout = stackalloc long[2];
        timeout[0] = timeout[1] = 0;
        return (int)Call(SyscallNumber.Ppoll, (nint)entries, count, (nint)timeout, 0, 8);
    }

    /// <summary>Waits at most so many seconds; 0 when the time is up.</summary>
    internal static int Poll(PollEntry* entry, long seconds)
    {
        // ppoll(2) writes the rest of the time back, so an interrupted wait goes on where it was.
        var timeout = stackalloc long[2];
        timeout[0] = seconds;
        timeout[1] = 0;
        nint result;
        do
        {
            result = Call(SyscallNumber.Ppoll, (nint)entry, 1, (nint)timeout, 0, 8);
        }
        while (result == -4);
        return (int)result;
    }

    /// <summary>A listening AF_UNIX SOCK_SEQPACKET socket at a path relative to the working directory (sun_path holds 108 bytes).</summary>
    internal static int ListenAt(ReadOnlySpan<byte> path)
    {
        var fd = (int)Call(SyscallNumber.Socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
        {
            return fd;
        }

        var address = stackalloc byte[AddressBytes];
        SetAddress(address, path);
        var result = (int)Call(SyscallNumber.Bind, fd, (nint)address, AddressBytes);
        if (result >= 0)
        {
            result = (int)Call(SyscallNumber.Listen, fd, 16);
        }

        if (result < 0)
        {
            Close(fd);
            return result;
        }

        return fd;
    }

    internal static int Accept(int fd) => (int)Call(SyscallNumber.Accept4, fd, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK);

    internal static nint Receive(int fd, byte* buffer, nint count) => Call(SyscallNumber.RecvFrom, fd, (nint)buffer, count, MSG_DONTWAIT);

    internal static nint Send(int fd, byte* buffer, nint count) =>
        Call(SyscallNumber.SendTo, fd, (nint)buffer, count, MSG_DONTWAIT | MSG_NOSIGNAL);

    /// <summary>Brings up the loopback link of this network namespace. netdevice(7), SIOCSIFFLAGS.</summary>
    internal static int LoopbackUp()
    {
        var fd = (int)Call(SyscallNumber.Socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            return fd;
        }

        var request = stackalloc byte[40]; // struct ifreq
        new Span<byte>(request, 40).Clear();
        "lo"u8.CopyTo(new Span<byte>(request, 16));
        *(short*)(request + 16) = 0x41; // IFF_UP | IFF_RUNNING
        var result = (int)Call(SyscallNumber.Ioctl, fd, 0x8914, (nint)request);
        Close(fd);
        return result;
    }
}
