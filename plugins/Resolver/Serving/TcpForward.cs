using System.Buffers.Binary;
using PsContainers.Linux;
using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Serving;

/// <summary>A query from a connection that is on its way to an upstream, over a connection, too.</summary>
internal sealed unsafe class TcpForward(Server server, TcpConnection client) : Watched
{
    private const int LengthBytes = 2;
    private const int PatienceMilliseconds = 4000; // a connection, and a question that is not an easy one
    private readonly ForwardedQuery _query = new();
    private InternetEndpoint _upstream;
    private byte[] _buffer = [];
    private int _done;
    private bool _isAsked;
    private int _first;
    private int _attempt;
    private int _fd = -1;
    private long _deadline;

    internal override bool HasDeadline => true;

    /// <returns>False when there is nobody who could be asked: the client will hear nothing of this.</returns>
    internal bool TryBegin(ReadOnlySpan<byte> message, in Query query)
    {
        _query.Set(message, query);
        _first = server.Upstreams.First();
        return TryOne();
    }

    internal void Cancel() => Close();

    internal override void OnTick(long now)
    {
        if (now >= _deadline)
        {
            Fail();
        }
    }

    internal override void OnReady()
    {
        var isFine = _isAsked ? TryReceive() : TrySend();
        if (!isFine)
        {
            Fail();
        }
    }

    private bool TryOne()
    {
        for (; server.Upstreams.TryGet(_first, _attempt, out _upstream); _attempt++)
        {
            if (TryConnect())
            {
                _deadline = EventLoop.Now + PatienceMilliseconds;
                return true;
            }
        }

        return false;
    }

    private bool TryConnect()
    {
        _fd = Kernel.OpenStream(_upstream.Family);
        if (_fd < 0)
        {
            return false;
        }

        if (Kernel.Connect(_fd, _upstream) is >= 0 or -Kernel.EINPROGRESS && server.Loop.Add(this, _fd, Kernel.EPOLLOUT) >= 0)
        {
            _query.SetId(server.Random.Next());
            _buffer = new byte[LengthBytes + _query.Message.Length];
            BinaryPrimitives.WriteUInt16BigEndian(_buffer, (ushort)_query.Message.Length);
            _query.Message.CopyTo(_buffer.AsSpan(LengthBytes));
            (_done, _isAsked) = (0, false);
            return true;
        }

        Kernel.Close(_fd);
        _fd = -1;
        return false;
    }

    private bool TrySend()
    {
        nint sent;
        fixed (byte* bytes = _buffer)
        {
            sent = Kernel.SocketError(_fd) < 0 ? -1 : Kernel.Send(_fd, bytes + _done, _buffer.Length - _done);
        }

        _done += (int)Math.Max(sent, 0);
        if (_done == _buffer.Length)
        {
            (_buffer, _done, _isAsked) = (new byte[LengthBytes], 0, true);
            server.Loop.Change(this, _fd, Kernel.EPOLLIN);
        }

        return sent >= 0 || sent == -(int)Errno.EAGAIN;
    }

    private bool TryReceive()
    {
        nint received;
        fixed (byte* bytes = _buffer)
        {
            received = Kernel.Receive(_fd, bytes + _done, _buffer.Length - _done);
        }

        if (received <= 0)
        {
            return received == -(int)Errno.EAGAIN;
        }

        _done += (int)received;
        if (_done < _buffer.Length)
        {
            return true;
        }

        if (_done == LengthBytes)
        {
            Array.Resize(ref _buffer, LengthBytes + BinaryPrimitives.ReadUInt16BigEndian(_buffer));
            return _buffer.Length > LengthBytes;
        }

        return TryAnswer(_buffer.AsSpan(LengthBytes));
    }

    private bool TryAnswer(Span<byte> response)
    {
        if (!_query.IsAnsweredBy(response))
        {
            return false;
        }

        if (Header.CodeOf(response) is ResponseCode.ServerFailure or ResponseCode.Refused && server.Upstreams.HasNext(_attempt))
        {
            TryNext();
            return true;
        }

        Close();
        client.OnForwarded(response[.._query.Finish(response, Responder.LargestMessage)]);
        return true;
    }

    private void Fail()
    {
        server.Upstreams.Failed(_upstream);
        TryNext();
    }

    private void TryNext()
    {
        Close();
        _attempt++;
        if (!TryOne())
        {
            client.OnForwarded(server.Output.AsSpan(0, _query.WriteFailure(server.Output)));
        }
    }

    private void Close()
    {
        if (_fd >= 0)
        {
            server.Loop.Remove(this, _fd);
            _fd = -1;
        }
    }
}
