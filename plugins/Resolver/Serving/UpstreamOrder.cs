using PsContainers.Linux.Bare;
using PsContainers.Resolver.Settings;

namespace PsContainers.Resolver.Serving;

/// <summary>Which name server is asked first, and which next.</summary>
/// <remarks>The first that is listed, unless it lately kept somebody waiting in vain: else every query would wait for a dead one.</remarks>
internal sealed class UpstreamOrder(NetworkSettings settings)
{
    /// <summary>How many are asked about one query: with the patience for each, what a client waits at most.</summary>
    internal const int MostTries = 3;
    private const int MemoryMilliseconds = 30_000;
    private InternetEndpoint[] _source = [];
    private InternetEndpoint[] _listeners = [];
    private InternetEndpoint[] _known = [];
    private int _first;
    private long _forgottenAt;

    /// <summary>Where a query begins: it keeps to that, whatever happens to others meanwhile.</summary>
    internal int First()
    {
        _ = Current();
        return _first;
    }

    /// <summary>The server to ask at a try, counted from 0.</summary>
    internal bool TryGet(int first, int attempt, out InternetEndpoint upstream)
    {
        var upstreams = Current();
        upstream = default;
        if (attempt >= Math.Min(upstreams.Length, MostTries))
        {
            return false;
        }

        upstream = upstreams[(first + attempt) % upstreams.Length];
        return true;
    }

    /// <summary>Whether there is another one to ask after a try.</summary>
    internal bool HasNext(int attempt) => attempt + 1 < Math.Min(Current().Length, MostTries);

    internal void Failed(in InternetEndpoint upstream)
    {
        var upstreams = Current();
        if (upstreams.Length > 1 && IsSame(upstreams[_first], upstream))
        {
            _first = (_first + 1) % upstreams.Length;
            _forgottenAt = EventLoop.Now + MemoryMilliseconds;
        }
    }

    private static bool IsSame(in InternetEndpoint a, in InternetEndpoint b) => a.Address == b.Address && a.Port == b.Port;

    // Without ourselves: a query would go round until nothing has room any more.
    private InternetEndpoint[] Current()
    {
        if (settings.Upstreams != _source || settings.Listeners != _listeners)
        {
            (_source, _listeners, _first) = (settings.Upstreams, settings.Listeners, 0);
            _known = [.. _source.Where(upstream => !_listeners.Any(listener => IsSame(listener, upstream)))];
        }

        if (_first != 0 && EventLoop.Now > _forgottenAt)
        {
            _first = 0;
        }

        return _known;
    }
}
