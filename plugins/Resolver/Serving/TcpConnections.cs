using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Serving;

/// <summary>The connections that clients have: so many, and then the one that was quiet longest makes room for a new one.</summary>
internal sealed class TcpConnections(Server server)
{
    internal const int Most = 64;
    private readonly List<TcpConnection> _open = new(Most);

    internal void Add(int fd, in InternetEndpoint peer, in InternetEndpoint local)
    {
        if (_open.Count == Most)
        {
            _open.MinBy(connection => connection.Deadline)!.Close();
        }

        var connection = new TcpConnection(server, fd, peer, local);
        if (server.Loop.Add(connection, fd, Kernel.EPOLLIN) < 0)
        {
            Kernel.Close(fd);
            return;
        }

        _open.Add(connection);
    }

    internal void Forget(TcpConnection connection) => _open.Remove(connection);

    internal void CloseAll()
    {
        while (_open.Count > 0)
        {
            _open[^1].Close();
        }
    }
}
