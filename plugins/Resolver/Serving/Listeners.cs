using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Serving;

/// <summary>The sockets that queries come to, as the settings have them.</summary>
internal sealed class Listeners(Server server)
{
    private const int Backlog = 64;
    private readonly Dictionary<(UInt128 Address, int Port), (UdpListener Datagrams, TcpListener Streams)> _open = [];

    /// <summary>Closes what is listed no longer, and opens what is new.</summary>
    /// <exception cref="Linux.LinuxException">An address cannot be listened on; the others are.</exception>
    internal void Follow()
    {
        var wanted = server.Settings.Listeners;
        foreach (var (key, (datagrams, streams)) in _open.Where(open => !wanted.Any(endpoint => Key(endpoint) == open.Key)).ToList())
        {
            datagrams.Close();
            streams.Close();
            _open.Remove(key);
        }

        Linux.LinuxException? failure = null;
        foreach (var endpoint in wanted.Where(endpoint => !_open.ContainsKey(Key(endpoint))))
        {
            try
            {
                Open(endpoint);
            }
            catch (Linux.LinuxException e)
            {
                failure ??= e;
            }
        }

        if (failure != null)
        {
            throw failure;
        }
    }

    internal void CloseAll()
    {
        foreach (var (datagrams, streams) in _open.Values)
        {
            datagrams.Close();
            streams.Close();
        }

        _open.Clear();
    }

    private static (UInt128 Address, int Port) Key(InternetEndpoint endpoint) => (endpoint.Address, endpoint.Port);

    private void Open(InternetEndpoint endpoint)
    {
        var datagramSocket = LinuxCall.Check(Kernel.BindDatagrams(endpoint), "bind", $"{endpoint}, udp");
        var streamSocket = Kernel.ListenStreams(endpoint, Backlog);
        if (streamSocket < 0)
        {
            Kernel.Close(datagramSocket);
            _ = LinuxCall.Check(streamSocket, "listen", $"{endpoint}, tcp");
        }

        var datagrams = new UdpListener(server, endpoint, datagramSocket);
        var streams = new TcpListener(server, endpoint, streamSocket);
        _ = LinuxCall.Check(server.Loop.Add(datagrams, datagramSocket, Kernel.EPOLLIN), "epoll_ctl", $"{endpoint}, udp");
        _ = LinuxCall.Check(server.Loop.Add(streams, streamSocket, Kernel.EPOLLIN), "epoll_ctl", $"{endpoint}, tcp");
        _open[Key(endpoint)] = (datagrams, streams);
    }
}
