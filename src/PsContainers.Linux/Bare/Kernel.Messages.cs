using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Bare;

/// <summary>socketpair(2), connect(2), recv(2) that waits, and descriptors passed through a socket: unix(7), SCM_RIGHTS.</summary>
internal static unsafe partial class Kernel
{
    private const int AddressBytes = 110; // struct sockaddr_un: two bytes of family, 108 of path
    private const int SOL_SOCKET = 1;
    private const int SCM_RIGHTS = 1;
    private const int SO_SNDTIMEO_OLD = 21; // a struct timeval as 64-bit machines have it
    private const int StreamSeconds = 5;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;

    /// <summary>Two connected AF_UNIX SOCK_SEQPACKET sockets.</summary>
    internal static int SocketPair(out int first, out int second)
    {
        var ends = stackalloc int[2];
        var result = (int)Call(SyscallNumber.SocketPair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, (nint)ends);
        first = ends[0];
        second = ends[1];
        return result;
    }

    /// <summary>Connects to the SOCK_SEQPACKET socket at a path relative to the working directory.</summary>
    internal static int ConnectPackets(ReadOnlySpan<byte> path) => Connect(SOCK_SEQPACKET, path);

    /// <summary>Connects to the SOCK_STREAM socket at a path of less than 108 bytes.</summary>
    /// <returns>The descriptor, or −errno: ETIMEDOUT when nobody accepts and the queue stays full for five seconds.</returns>
    internal static int ConnectStream(ReadOnlySpan<byte> path)
    {
        var result = Connect(SOCK_STREAM, path);
        return result == -(int)Errno.EAGAIN ? -(int)Errno.ETIMEDOUT : result;
    }

    /// <summary>Waits for one packet; 0 when the other end is gone.</summary>
    internal static nint ReceiveBlocking(int fd, byte* buffer, nint count)
    {
        nint result;
        do
        {
            result = Call(SyscallNumber.RecvFrom, fd, (nint)buffer, count);
        }
        while (result == -4);
        return result is -104 ? 0 : result; // ECONNRESET: the other end went with something unread
    }

    /// <summary>Sends bytes with a descriptor beside them.</summary>
    internal static int SendDescriptor(int socket, int fd, byte* buffer, nint count)
    {
        var vector = stackalloc nint[2];
        var control = stackalloc ulong[3];
        var header = stackalloc ulong[7];
        SetHeader(header, vector, control, buffer, count);
        control[0] = 20; // CMSG_LEN(sizeof(int))
        control[1] = SOL_SOCKET | ((ulong)SCM_RIGHTS << 32);
        control[2] = (uint)fd;
        return (int)Call(SyscallNumber.SendMsg, socket, (nint)header, MSG_NOSIGNAL);
    }

    /// <summary>Receives bytes and, where one came with them, a descriptor; else −1 in <paramref name="fd"/>.</summary>
    internal static nint ReceiveDescriptor(int socket, byte* buffer, nint count, out int fd)
    {
        var vector = stackalloc nint[2];
        var control = stackalloc ulong[3];
        var header = stackalloc ulong[7];
        SetHeader(header, vector, control, buffer, count);
        new Span<ulong>(control, 3).Clear();
        nint result;
        do
        {
            result = Call(SyscallNumber.RecvMsg, socket, (nint)header, MSG_CMSG_CLOEXEC);
        }
        while (result == -4);
        fd = result >= 0 && control[0] == 20 && control[1] == (SOL_SOCKET | ((ulong)SCM_RIGHTS << 32)) ? (int)control[2] : -1;
        return result;
    }

    private static int Connect(int type, ReadOnlySpan<byte> path)
    {
        var fd = (int)Call(SyscallNumber.Socket, AF_UNIX, type | SOCK_CLOEXEC, 0);
        if (fd < 0)
        {
            return fd;
        }

        var address = stackalloc byte[AddressBytes];
        SetAddress(address, path);

        // socket(7): the limit is for connect(2), too, and that says EAGAIN then, see unix(7).
        var limit = stackalloc long[2];
        limit[0] = StreamSeconds;
        limit[1] = 0;
        var result = type == SOCK_STREAM
            ? (int)Call(SyscallNumber.SetSockOpt, fd, SOL_SOCKET, SO_SNDTIMEO_OLD, (nint)limit, 2 * sizeof(long))
            : 0;
        result = result < 0 ? result : (int)Call(SyscallNumber.Connect, fd, (nint)address, AddressBytes);
        if (result < 0)
        {
            Close(fd);
            return result;
        }

        return fd;
    }

    private static void SetAddress(byte* address, ReadOnlySpan<byte> path)
    {
        new Span<byte>(address, AddressBytes).Clear();
        *(ushort*)address = AF_UNIX;
        path.CopyTo(new Span<byte>(address + 2, AddressBytes - 3));
    }

    // struct msghdr and struct iovec of a 64-bit machine.
    private static void SetHeader(ulong* header, nint* vector, ulong* control, byte* buffer, nint count)
    {
        vector[0] = (nint)buffer;
        vector[1] = count;
        new Span<ulong>(header, 7).Clear();
        header[2] = (ulong)vector;
        header[3] = 1;
        header[4] = (ulong)control;
        header[5] = 24; // CMSG_SPACE(sizeof(int))
    }
}
