using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>Sockets that talk to other machines, none of which ever waits: udp(7), tcp(7), ip(7), ipv6(7).</summary>
internal static unsafe partial class Kernel
{
    internal const int EINPROGRESS = 115;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_ERROR = 4;
    internal const int IPPROTO_IP = 0;
    internal const int IP_FREEBIND = 15;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;
    private const int EndpointBytes = 28;

    internal static int OpenDatagrams(int family) => OpenInternet(family, SOCK_DGRAM);

    internal static int OpenStream(int family) => OpenInternet(family, SOCK_STREAM);

    /// <summary>A socket that receives datagrams at an address.</summary>
    internal static int BindDatagrams(in InternetEndpoint at) => Bound(OpenDatagrams(at.Family), at, 0);

    /// <summary>A socket that streams are connected to.</summary>
    internal static int ListenStreams(in InternetEndpoint at, int backlog) => Bound(OpenStream(at.Family), at, backlog);

    internal static int Connect(int fd, in InternetEndpoint to)
    {
        fixed (InternetEndpoint* address = &to)
        {
            return (int)Call(SyscallNumber.Connect, fd, (nint)address, to.Length);
        }
    }

    internal static int Accept(int fd, out InternetEndpoint peer)
    {
        var length = EndpointBytes;
        fixed (InternetEndpoint* address = &peer)
        {
            return (int)Call(SyscallNumber.Accept4, fd, (nint)address, (nint)(&length), SOCK_CLOEXEC | SOCK_NONBLOCK);
        }
    }

    internal static nint ReceiveFrom(int fd, byte* buffer, nint count, out InternetEndpoint sender)
    {
        var length = EndpointBytes;
        fixed (InternetEndpoint* address = &sender)
        {
            return Call(SyscallNumber.RecvFrom, fd, (nint)buffer, count, MSG_DONTWAIT, (nint)address, (nint)(&length));
        }
    }

    internal static nint SendTo(int fd, byte* buffer, nint count, in InternetEndpoint receiver)
    {
        fixed (InternetEndpoint* address = &receiver)
        {
            return Call(SyscallNumber.SendTo, fd, (nint)buffer, count, MSG_DONTWAIT | MSG_NOSIGNAL, (nint)address, receiver.Length);
        }
    }

    /// <summary>What became of a connection that was begun: 0, or −errno.</summary>
    internal static int SocketError(int fd)
    {
        int error = 0, length = sizeof(int);
        var result = (int)Call(SyscallNumber.GetSockOpt, fd, SOL_SOCKET, SO_ERROR, (nint)(&error), (nint)(&length));
        return result < 0 ? result : -error;
    }

    private static int OpenInternet(int family, int type) =>
        (int)Call(SyscallNumber.Socket, family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    private static int Bound(int fd, in InternetEndpoint at, int backlog)
    {
        if (fd < 0)
        {
            return fd;
        }

        // An IPv6 address is tentative for the first second of its life, and cannot be bound to meanwhile. ip(7), IP_FREEBIND
        SetOption(fd, IPPROTO_IP, IP_FREEBIND);
        if (at.Family == InternetEndpoint.AF_INET6)
        {
            SetOption(fd, IPPROTO_IPV6, IPV6_V6ONLY);
        }

        // Connections that a predecessor closed keep the port for a minute. Two sockets for datagrams would share it, and one starve.
        if (backlog > 0)
        {
            SetOption(fd, SOL_SOCKET, SO_REUSEADDR);
        }

        fixed (InternetEndpoint* address = &at)
        {
            var result = (int)Call(SyscallNumber.Bind, fd, (nint)address, at.Length);
            if (result >= 0 && backlog > 0)
            {
                result = (int)Call(SyscallNumber.Listen, fd, backlog);
            }

            if (result < 0)
            {
                Close(fd);
                return result;
            }
        }

        return fd;
    }

    // One that the kernel does not know is done without: bind(2) tells whether that matters.
    private static void SetOption(int fd, int level, int option)
    {
        var on = 1;
        Call(SyscallNumber.SetSockOpt, fd, level, option, (nint)(&on), sizeof(int));
    }
}
