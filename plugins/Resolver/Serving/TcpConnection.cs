using System.Buffers.Binary;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Serving;

/// <summary>A client's connection: queries with their length before them, answered one after the other. RFC 1035, 4.2.2; RFC 7766</summary>
internal sealed unsafe class TcpConnection(Server server, int fd, InternetEndpoint peer, InternetEndpoint local) : Watched
{
    private const int LengthBytes = 2;
    private const int LargestQuery = 4096;
    private const int PatienceMilliseconds = 5000;
    private readonly byte[] _input = new byte[LengthBytes + LargestQuery];
    private int _inputLength;
    private byte[] _output = [];
    private int _sent;
    private TcpForward? _forward;
    private bool _hasEnded;
    private bool _isClosed;

    /// <summary>When it is closed, if neither side says anything until then.</summary>
    internal long Deadline { get; private set; } = EventLoop.Now + PatienceMilliseconds;

    internal override bool HasDeadline => true;

    // A forwarded query has a deadline of its own, and its answer is what the client waits for.
    internal override void OnTick(long now)
    {
        if (now >= Deadline && _forward == null)
        {
            Close();
        }
    }

    internal override void OnReady()
    {
        // Events that nobody waits for are errors: the client has gone.
        if (_forward != null || (_output.Length > 0 ? !TryWrite() : !TryRead()))
        {
            Close();
            return;
        }

        Proceed();
    }

    /// <summary>Sends what an upstream said.</summary>
    internal void OnForwarded(ReadOnlySpan<byte> response)
    {
        _forward = null;
        Queue(response);
        if (TryWrite())
        {
            Proceed();
        }
        else
        {
            Close();
        }
    }

    internal void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _forward?.Cancel();
            server.Connections.Forget(this);
            server.Loop.Remove(this, fd);
        }
    }

    /// <summary>Answers what has come, as far as answers are taken, and waits for what can go on then.</summary>
    private void Proceed()
    {
        while (!_isClosed && _output.Length == 0 && _forward == null && TryTakeQuery(out var isBad))
        {
            if (isBad || !TryWrite())
            {
                Close();
            }
        }

        if (_isClosed)
        {
            return;
        }

        if (_hasEnded && _output.Length == 0 && _forward == null)
        {
            Close();
            return;
        }

        server.Loop.Change(this, fd, _forward != null ? 0 : _output.Length > 0 ? Kernel.EPOLLOUT : Kernel.EPOLLIN);
    }

    /// <returns>False when no whole query is there.</returns>
    private bool TryTakeQuery(out bool isBad)
    {
        isBad = false;
        if (_inputLength < LengthBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(_input);
        if (length > LargestQuery)
        {
            isBad = true;
            return true;
        }

        var taken = LengthBytes + length;
        if (_inputLength < taken)
        {
            return false;
        }

        isBad = !TryAnswer(_input.AsSpan(LengthBytes, length));
        _input.AsSpan(taken, _inputLength - taken).CopyTo(_input);
        _inputLength -= taken;
        return true;
    }

    private bool TryAnswer(ReadOnlySpan<byte> message)
    {
        server.Settings.Refresh();
        var verdict = server.Responder.Answer(message, peer, local, isStream: true, server.Output, out var length, out var query);
        if (verdict == Verdict.Answered)
        {
            Queue(server.Output.AsSpan(0, length));
        }
        else if (verdict == Verdict.Forward)
        {
            var forward = new TcpForward(server, this);
            if (forward.TryBegin(message, query))
            {
                _forward = forward;
            }
            else
            {
                length = Responder.WriteCode(message, query, ResponseCode.ServerFailure, server.Output);
                Queue(server.Output.AsSpan(0, length));
            }
        }

        return verdict != Verdict.Silence;
    }

    private void Queue(ReadOnlySpan<byte> response)
    {
        _output = new byte[LengthBytes + response.Length];
        BinaryPrimitives.WriteUInt16BigEndian(_output, (ushort)response.Length);
        response.CopyTo(_output.AsSpan(LengthBytes));
        _sent = 0;
    }

    private bool TryRead()
    {
        nint read;
        fixed (byte* bytes = _input)
        {
            read = Kernel.Receive(fd, bytes + _inputLength, _input.Length - _inputLength);
        }

        // Whoever has asked all may close this direction and still read.
        _hasEnded = read == 0;
        _inputLength += (int)Math.Max(read, 0);
        return IsProgress(read);
    }

    private bool TryWrite()
    {
        nint written = 0;
        fixed (byte* bytes = _output)
        {
            if (_output.Length > 0)
            {
                written = Kernel.Send(fd, bytes + _sent, _output.Length - _sent);
            }
        }

        _sent += (int)Math.Max(written, 0);
        if (_sent == _output.Length)
        {
            (_output, _sent) = ([], 0);
        }

        return IsProgress(written);
    }

    private bool IsProgress(nint result)
    {
        Deadline = result > 0 ? EventLoop.Now + PatienceMilliseconds : Deadline;
        return result >= 0 || result == -(int)Errno.EAGAIN;
    }
}
