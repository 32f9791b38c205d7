using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Serving;

/// <summary>A query from a datagram that is on its way to an upstream.</summary>
/// <remarks>
/// Each has a socket of its own, for a try with one server: the kernel picks its port at random, lets in what that server sends and
/// nothing else, and says at once when nobody listens there. So whoever wants to slip an answer in has to guess port and id. RFC 5452
/// </remarks>
internal sealed unsafe class UdpForward(Server server) : Watched
{
    private const int PatienceMilliseconds = 2000;
    private readonly ForwardedQuery _query = new();
    private UdpListener? _listener;
    private InternetEndpoint _client;
    private InternetEndpoint _upstream;
    private int _first;
    private int _attempt;
    private int _fd = -1;
    private long _deadline;

    internal override bool HasDeadline => true;

    internal void Begin(ReadOnlySpan<byte> message, in Query query, UdpListener listener, in InternetEndpoint client)
    {
        _query.Set(message, query);
        (_listener, _client, _first, _attempt) = (listener, client, server.Upstreams.First(), 0);
        Try();
    }

    internal override void OnTick(long now)
    {
        if (now >= _deadline)
        {
            Fail();
        }
    }

    internal override void OnReady()
    {
        int length;
        fixed (byte* buffer = server.Input)
        {
            length = (int)Kernel.Receive(_fd, buffer, server.Input.Length);
        }

        if (length == -(int)Linux.Errno.EAGAIN)
        {
            return;
        }

        if (length < 0)
        {
            Fail();
            return;
        }

        var response = server.Input.AsSpan(0, length);
        if (!_query.IsAnsweredBy(response))
        {
            return;
        }

        // It has no wish or no way to answer; the next one may have.
        if (Header.CodeOf(response) is ResponseCode.ServerFailure or ResponseCode.Refused && server.Upstreams.HasNext(_attempt))
        {
            TryNext();
            return;
        }

        Answer(response[.._query.Finish(response, _query.Query.PayloadLimit)]);
    }

    private void Try()
    {
        for (; server.Upstreams.TryGet(_first, _attempt, out _upstream); _attempt++)
        {
            if (TrySend())
            {
                _deadline = EventLoop.Now + PatienceMilliseconds;
                return;
            }
        }

        Answer(server.Output.AsSpan(0, _query.WriteFailure(server.Output)));
    }

    private bool TrySend()
    {
        _fd = Kernel.OpenDatagrams(_upstream.Family);
        if (_fd < 0)
        {
            return false;
        }

        _query.SetId(server.Random.Next());
        fixed (byte* message = _query.Message)
        {
            if (Kernel.Connect(_fd, _upstream) >= 0 && Kernel.Send(_fd, message, _query.Message.Length) >= 0 &&
                server.Loop.Add(this, _fd, Kernel.EPOLLIN) >= 0)
            {
                return true;
            }
        }

        Kernel.Close(_fd);
        _fd = -1;
        return false;
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
        Try();
    }

    private void Answer(ReadOnlySpan<byte> response)
    {
        _listener!.Send(response, _client);
        Close();
        _listener = null;
        server.Forwards.End(this);
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
