using System.Text;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>A connected AF_UNIX socket: one that keeps packets whole (SOCK_SEQPACKET), or a stream of bytes. unix(7)</summary>
public sealed unsafe class UnixSocket : FileDescriptor
{
    private const int SizeOfAddress = 110;
    private const int MaximumPath = 107;

    /// <summary>Connects to the socket at a path of at most 107 bytes.</summary>
    /// <exception cref="LinuxException">ENOENT: no such socket; ECONNREFUSED: nobody listens on it any more.</exception>
    public static UnixSocket Connect(string path) => Connect(path, Libc.SOCK_SEQPACKET);

    /// <summary>The same for a stream of bytes (SOCK_STREAM), which keeps nobody waiting longer than it is told to.</summary>
    /// <param name="patience">How long <see cref="Send"/> and <see cref="Receive"/> wait before they fail with EAGAIN. socket(7)</param>
    public static UnixSocket ConnectStream(string path, TimeSpan patience)
    {
        var socket = Connect(path, Libc.SOCK_STREAM);
        var time = stackalloc long[] { (long)patience.TotalSeconds, 0 }; // struct timeval
        foreach (var option in (ReadOnlySpan<int>)[Libc.SO_RCVTIMEO, Libc.SO_SNDTIMEO])
        {
            if (Libc.setsockopt(socket.Number, Libc.SOL_SOCKET, option, time, 16) < 0)
            {
                var error = LinuxException.Last(nameof(Libc.setsockopt), path);
                socket.Dispose();
                throw error;
            }
        }

        return socket;
    }

    private static UnixSocket Connect(string path, int type)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > MaximumPath)
        {
            throw new LinuxException(nameof(Libc.connect), path, Errno.ENAMETOOLONG);
        }

        var socket = new UnixSocket();
        socket.Adopt(LinuxException.Check(
            Libc.socket(Libc.AF_UNIX, type | Libc.SOCK_CLOEXEC, 0), nameof(Libc.socket), path));
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

    /// <summary>Sends one packet, or as much of a stream as the socket takes.</summary>
    /// <returns>How many bytes were sent.</returns>
    public int Send(ReadOnlySpan<byte> packet)
    {
        fixed (byte* bytes = packet)
        {
            return (int)LinuxException.Check((long)Libc.send(Number, bytes, packet.Length, Libc.MSG_NOSIGNAL), nameof(Libc.send));
        }
    }

    /// <summary>
    /// Receives one packet, or what there is of a stream; 0 when the other side is gone, or after <see cref="Shutdown"/>.
    /// </summary>
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
