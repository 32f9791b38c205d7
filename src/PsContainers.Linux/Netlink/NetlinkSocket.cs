using System.Runtime.InteropServices;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux.Netlink;

/// <summary>A socket to the kernel's network, in the namespace that it was made in for good. netlink(7)</summary>
internal sealed unsafe class NetlinkSocket : FileDescriptor
{
    private const int AddressSize = 12; // struct sockaddr_nl: u16 family, padding; u32 port, groups
    private const int SecondsOfPatience = 10;

    /// <summary>In the calling thread's namespace.</summary>
    internal static NetlinkSocket Open(int protocol = RouteConstants.NETLINK_ROUTE) => new NetlinkSocket().Prepared(LinuxException.Check(
        Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol), nameof(Libc.socket), "AF_NETLINK"));

    internal static NetlinkSocket Open(NetworkNamespace network)
    {
        var socket = new NetlinkSocket();
        var found = NetworkVisit.Open(network, Libc.AF_NETLINK, Libc.SOCK_RAW, RouteConstants.NETLINK_ROUTE);
        found.ThrowIfFailed(network.Name);
        return socket.Prepared(found.Socket);
    }

    /// <summary>In a new namespace, which <paramref name="network"/> then holds.</summary>
    internal static NetlinkSocket Make(NetworkNamespace network)
    {
        var socket = new NetlinkSocket();
        var found = NetworkVisit.Make(Libc.AF_NETLINK, Libc.SOCK_RAW, RouteConstants.NETLINK_ROUTE);
        network.Adopt(found.Namespace);
        if (found.Socket >= 0)
        {
            socket.Adopt(found.Socket);
        }

        try
        {
            found.ThrowIfFailed(network.Name);
            return socket.Prepared(found.Socket);
        }
        catch (LinuxException)
        {
            socket.Dispose();
            network.Dispose();
            throw;
        }
    }

    /// <summary>Sends one request; the kernel has done it when this returns, except for what is left of a list.</summary>
    internal void Send(ReadOnlySpan<byte> request)
    {
        fixed (byte* bytes = request)
        {
            while (Libc.send(Number, bytes, request.Length, 0) < 0)
            {
                ThrowUnlessInterrupted(nameof(Libc.send));
            }
        }
    }

    /// <summary>Receives one packet.</summary>
    /// <returns>The packet's length, which is more than the buffer's when the end of it was lost.</returns>
    internal int Receive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                var received = Libc.recv(Number, bytes, buffer.Length, Libc.MSG_TRUNC);
                if (received >= 0)
                {
                    return (int)received;
                }

                ThrowUnlessInterrupted(nameof(Libc.recv));
            }
        }
    }

    private static void ThrowUnlessInterrupted(string call)
    {
        var errno = (Errno)Marshal.GetLastPInvokeError();
        if (errno != Errno.EINTR)
        {
            throw new LinuxException(call, "AF_NETLINK", errno == Errno.EAGAIN ? Errno.ETIMEDOUT : errno);
        }
    }

    private NetlinkSocket Prepared(int number)
    {
        Adopt(number);
        try
        {
            Prepare();
            return this;
        }
        catch (LinuxException)
        {
            Dispose();
            throw;
        }
    }

    private void Prepare()
    {
        // Connected to the kernel (port 0) it refuses what others send, such as the root of a container in its own namespace.
        var address = stackalloc byte[AddressSize];
        new Span<byte>(address, AddressSize).Clear();
        *(ushort*)address = Libc.AF_NETLINK;
        LinuxException.Check(Libc.connect(Number, address, AddressSize), nameof(Libc.connect), "AF_NETLINK");

        // The kernel answers at once; this is so that no session ever hangs in case that it does not.
        var time = stackalloc long[] { SecondsOfPatience, 0 }; // struct timeval
        LinuxException.Check(
            Libc.setsockopt(Number, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, time, 16), nameof(Libc.setsockopt), "SO_RCVTIMEO");

        // Kernels before 4.12 give no words, and those before 4.20 more than was asked for, which is sifted here anyway.
        var on = 1;
        Libc.setsockopt(Number, Libc.SOL_NETLINK, RouteConstants.NETLINK_CAP_ACK, &on, 4);
        Libc.setsockopt(Number, Libc.SOL_NETLINK, RouteConstants.NETLINK_EXT_ACK, &on, 4);
        Libc.setsockopt(Number, Libc.SOL_NETLINK, RouteConstants.NETLINK_GET_STRICT_CHK, &on, 4);
    }
}
