using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Serving;

/// <summary>One of the addresses that queries come to in datagrams.</summary>
internal sealed unsafe class UdpListener(Server server, InternetEndpoint local, int fd) : Watched
{
    // Then others have their turn.
    private const int LongestBurst = 64;
    private int _fd = fd;

    internal override void OnReady()
    {
        for (var i = 0; i < LongestBurst; i++)
        {
            fixed (byte* buffer = server.Input)
            {
                var length = (int)Kernel.ReceiveFrom(_fd, buffer, server.Input.Length, out var source);
                if (length < 0)
                {
                    return;
                }

                server.Settings.Refresh(); // after the query was received; see FollowedFile
                Answer(server.Input.AsSpan(0, length), source);
            }
        }
    }

    internal void Send(ReadOnlySpan<byte> response, in InternetEndpoint client)
    {
        // A response that finds no room is lost like any other datagram: the client asks again.
        fixed (byte* bytes = response)
        {
            Kernel.SendTo(_fd, bytes, response.Length, client);
        }
    }

    /// <summary>From here on nothing is sent, whoever has the number of the descriptor then.</summary>
    internal void Close()
    {
        server.Loop.Remove(this, _fd);
        _fd = -1;
    }

    private void Answer(ReadOnlySpan<byte> message, in InternetEndpoint source)
    {
        switch (server.Responder.Answer(message, source, local, isStream: false, server.Output, out var length, out var query))
        {
            case Verdict.Answered:
                Send(server.Output.AsSpan(0, length), source);
                break;
            case Verdict.Forward:
                server.Forwards.Begin(message, query, this, source);
                break;
        }
    }
}
