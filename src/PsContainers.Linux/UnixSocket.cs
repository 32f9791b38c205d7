using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>A connected AF_UNIX socket that keeps packets whole (SOCK_SEQPACKET). unix(7)</summary>
public sealed unsafe class UnixSocket : FileDescriptor
{
    private const int SizeOfAddress = 110;
    private const int MaximumPath = 107;

    /// <summary>Connects to the socket at a path of at most 107 bytes.</summary>
    /// <exception cref="LinuxException">ENOENT: no such socket; ECONNREFUSED: nobody listens on it any more.</exception>
    public static UnixSocket Connect(string path)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaximumPath)
        {
            throw new LinuxException(nameof(Libc.connect), path, Errno.ENAMETOOLONG);
        }

        var socket = new UnixSocket();
        socket.Adopt(LinuxException.Check(
            Libc.socket(Libc.AF_UNIX, Libc.SOCK_SEQPACKET | Libc.SOCK_CLOEXEC, 0), nameof(Libc.socket), path));
        var address = stackalloc byte[SizeOfAddress];
        new Span<byte>(address, SizeOfAddress).Clear();
        *(ushort*)address = Libc.AF_UNIX;
        Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, MaximumPath));
        if (Libc.connect(socket.Number, address, SizeOfAddress) < 0)
        {
            var error = LinuxException.Last(nameof(Libc.connect), path);
            socket.Dispose();
            throw error;
        }

        return socket;
    }

    /// <summary>Sends one packet.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        fixed (byte* bytes = packet)
        {
            LinuxException.Check((long)Libc.send(Number, bytes, packet.Length, Libc.MSG_NOSIGNAL), nameof(Libc.send));
        }
    }

    /// <summary>Receives one packet; 0 when the other side is gone, or after <see cref="Shutdown"/>.</summary>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                var received = Libc.recv(Number, bytes, buffer.Length, 0);
                if (received >= 0)
                {
                    return (int)received;
                }

                var error = LinuxException.Last(nameof(Libc.recv), null);
                if (error.Errno == Errno.ECONNRESET)
                {
                    return 0;
                }

                if (error.Errno != Errno.EINTR)
                {
                    throw error;
                }
            }
        }
    }

    /// <summary>Wakes a thread that waits in <see cref="Receive"/>.</summary>
    public void Shutdown() => Libc.shutdown(Number, Libc.SHUT_RDWR);
}
