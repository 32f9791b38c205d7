using System.Diagnostics;
using PsContainers.Linux.Interop;

namespace PsContainers.Linux;

/// <summary>One end of a pipe. pipe(7)</summary>
public sealed unsafe class PipeEnd : FileDescriptor
{
    /// <summary>A pipe whose ends are closed by execve(2).</summary>
    public static void Create(out PipeEnd readEnd, out PipeEnd writeEnd)
    {
        // The objects come first: running out of memory after pipe2(2) would leak both descriptors.
        readEnd = new PipeEnd();
        writeEnd = new PipeEnd();
        var ends = stackalloc int[2];
        LinuxException.Check(Libc.pipe2(ends, Libc.O_CLOEXEC), nameof(Libc.pipe2));
        readEnd.Adopt(ends[0]);
        writeEnd.Adopt(ends[1]);
    }

    /// <summary>Reads at least one byte, or returns 0 at the end of the stream.</summary>
    public int Read(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                var read = Libc.read_bytes(Number, bytes, buffer.Length);
                if (read >= 0)
                {
                    return (int)read;
                }

                var error = LinuxException.Last("read", "pipe");
                if (error.Errno != Errno.EINTR)
                {
                    throw error;
                }
            }
        }
    }

    /// <summary>Writes all of it if the reader takes it in time.</summary>
    /// <exception cref="LinuxException">ETIMEDOUT: it did not.</exception>
    /// <returns>False when nobody reads any more.</returns>
    public bool TryWrite(ReadOnlySpan<byte> bytes, TimeSpan patience)
    {
        // Of this end alone: the two ends of a pipe are two open files.
        LinuxException.Check(Libc.fcntl(Number, Libc.F_SETFL, Libc.O_NONBLOCK), nameof(Libc.fcntl), "pipe");
        var started = Stopwatch.GetTimestamp();
        fixed (byte* first = bytes)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var written = Libc.write_bytes(Number, first + at, bytes.Length - at);
                if (written >= 0)
                {
                    at += (int)written;
                    continue;
                }

                switch (LinuxException.Last("write", "pipe"))
                {
                    case { Errno: Errno.EPIPE }:
                        return false;
                    case { Errno: Errno.EAGAIN }:
                        AwaitRoom(patience - Stopwatch.GetElapsedTime(started));
                        break;
                    case { Errno: not Errno.EINTR } error:
                        throw error;
                }
            }
        }

        return true;
    }

    /// <summary>Writes all of it.</summary>
    /// <returns>False when nobody reads any more. The .NET runtime ignores SIGPIPE, so this is an answer and no end.</returns>
    public bool TryWrite(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var written = Libc.write_bytes(Number, first + at, bytes.Length - at);
                if (written >= 0)
                {
                    at += (int)written;
                    continue;
                }

                var error = LinuxException.Last("write", "pipe");
                if (error.Errno == Errno.EPIPE)
                {
                    return false;
                }

                if (error.Errno != Errno.EINTR)
                {
                    throw error;
                }
            }
        }

        return true;
    }

    private void AwaitRoom(TimeSpan patience)
    {
        const short POLLOUT = 4;
        var entry = new Libc.PollEntry { Descriptor = Number, Wanted = POLLOUT };
        if (patience <= TimeSpan.Zero || Libc.poll(&entry, 1, (int)Math.Ceiling(patience.TotalMilliseconds)) == 0)
        {
            throw new LinuxException("write", "pipe", Errno.ETIMEDOUT);
        }
    }
}
