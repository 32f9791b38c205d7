using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Serving;

/// <summary>One of the addresses that connections come to.</summary>
internal sealed class TcpListener(Server server, InternetEndpoint local, int fd) : Watched
{
    internal override void OnReady()
    {
        var connection = Kernel.Accept(fd, out var peer);
        if (connection >= 0)
        {
            server.Connections.Add(connection, peer, local);
        }
    }

    internal void Close() => server.Loop.Remove(this, fd);
}
