using PsContainers.Linux.Bare;
using PsContainers.Resolver.Messages;

namespace PsContainers.Resolver.Serving;

/// <summary>The queries from datagrams that upstreams were asked and have not answered: a limited number, used again and again.</summary>
internal sealed class UdpForwards(Server server)
{
    internal const int Most = 1024;
    private readonly Stack<UdpForward> _idle = new();
    private int _count;

    internal void Begin(ReadOnlySpan<byte> message, in Query query, UdpListener listener, in InternetEndpoint client)
    {
        if (!_idle.TryPop(out var forward))
        {
            if (_count == Most)
            {
                var length = Responder.WriteCode(message, query, ResponseCode.ServerFailure, server.Output);
                listener.Send(server.Output.AsSpan(0, length), client);
                return;
            }

            _count++;
            forward = new UdpForward(server);
        }

        forward.Begin(message, query, listener, client);
    }

    internal void End(UdpForward forward) => _idle.Push(forward);
}
