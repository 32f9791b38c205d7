using PsContainers.Linux;
using PsContainers.Linux.Bare;

namespace PsContainers.Launcher.Supervisor;

/// <summary>One of the container's output streams: read from a pipe, written to the log, copied to whoever is attached.</summary>
/// <remarks>
/// A slow reader holds the container back, as a terminal would, instead of the supervisor's memory growing; a reader that is gone is
/// forgotten.
/// </remarks>
internal unsafe struct OutputStream
{
    internal const int BufferSize = 64 * 1024;

    private byte* _buffer;
    private int _pendingStart;
    private int _pendingEnd;

    internal OutputStream(int source, int sink)
    {
        Source = source;
        Sink = sink;
        if (source >= 0)
        {
            Kernel.SetNonBlocking(source);
        }

        if (sink >= 0)
        {
            Kernel.SetNonBlocking(sink);
        }
    }

    /// <summary>Read end of the container's pipe; −1 after its end.</summary>
    internal int Source { get; private set; }

    /// <summary>Where a copy goes; −1 for nobody.</summary>
    internal int Sink { get; private set; }

    /// <summary>A terminal's master: its end is EIO, and what is left in it cannot be counted beforehand.</summary>
    internal bool IsTerminal { get; init; }

    internal readonly bool HasPending => _pendingEnd > _pendingStart;

    /// <summary>The last line in the log has no end yet.</summary>
    internal bool IsInsideLine { get; set; }

    /// <summary>Reads what is there. The bytes are valid until the next call; 0 when there is nothing now, or no more.</summary>
    internal int Read(out byte* bytes)
    {
        // Touched when the first output comes: an idle supervisor has no such pages.
        if (_buffer == null)
        {
            _buffer = Kernel.MapAnonymous(BufferSize);
        }

        bytes = _buffer;
        var read = (int)Kernel.Read(Source, _buffer, BufferSize);
        if (read is 0 or -(int)Errno.EIO)
        {
            CloseSource();
        }

        return read < 0 ? 0 : read;
    }

    /// <summary>
    /// Takes all that is left in the pipe into memory of its own, so that the reader can fetch it in its own time, and closes the pipe.
    /// </summary>
    /// <returns>How many bytes came, at <paramref name="bytes"/>.</returns>
    internal int ReadRest(out byte* bytes)
    {
        bytes = null;
        var waiting = Source < 0 ? 0 : IsTerminal ? BufferSize : Kernel.BytesWaiting(Source);
        var pending = _pendingEnd - _pendingStart;
        var length = 0;
        if (waiting > 0 && (bytes = Kernel.MapAnonymous(pending + waiting)) != null)
        {
            new ReadOnlySpan<byte>(_buffer + _pendingStart, pending).CopyTo(new Span<byte>(bytes, pending));
            _buffer = bytes;
            bytes += pending;
            nint read;
            while (length < waiting && (read = Kernel.Read(Source, bytes + length, waiting - length)) > 0)
            {
                length += (int)read;
            }

            _pendingStart = 0;
            _pendingEnd = Sink < 0 ? 0 : pending + length;
        }

        CloseSource();
        return length;
    }

    internal void Offer(int length)
    {
        if (Sink >= 0)
        {
            _pendingStart = 0;
            _pendingEnd = length;
            Push();
        }
    }

    /// <summary>Writes as much as the attached reader takes.</summary>
    internal void Push()
    {
        while (HasPending)
        {
            var written = (int)Kernel.Write(Sink, _buffer + _pendingStart, _pendingEnd - _pendingStart);
            if (written == -(int)Errno.EAGAIN)
            {
                return;
            }

            if (written < 0)
            {
                Kernel.Close(Sink);
                Sink = -1;
                _pendingEnd = _pendingStart = 0;
                return;
            }

            _pendingStart += written;
        }

        if (Source < 0)
        {
            CloseSink();
        }
    }

    internal void CloseSource()
    {
        if (Source >= 0)
        {
            Kernel.Close(Source);
            Source = -1;
        }

        if (!HasPending)
        {
            CloseSink();
        }
    }

    private void CloseSink()
    {
        if (Sink >= 0)
        {
            Kernel.Close(Sink);
            Sink = -1;
        }
    }
}
