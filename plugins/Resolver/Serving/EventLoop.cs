using PsContainers.Linux.Bare;

namespace PsContainers.Resolver.Serving;

/// <summary>Waits for descriptors, and calls what they belong to, all in one thread. epoll(7)</summary>
internal sealed class EventLoop
{
    private const int TickMilliseconds = 100;
    private readonly int _epoll = LinuxCall.Check(Kernel.OpenEvents(), "epoll_create1");
    private readonly List<Watched?> _watched = [];
    private readonly Stack<int> _free = new();
    private readonly (uint Events, ulong Data)[] _ready = new (uint, ulong)[64];
    private ulong _generation;
    private int _deadlines;
    private long _lastTick;

    internal static long Now => Environment.TickCount64;

    /// <returns>0, or −errno.</returns>
    internal int Add(Watched watched, int fd, uint events)
    {
        var place = _free.Count > 0 ? _free.Pop() : _watched.Count;
        if (place == _watched.Count)
        {
            _watched.Add(null);
        }

        // The upper half tells an event for what was here before from one for what is here now.
        watched.Token = (++_generation << 32) | (uint)place;
        _watched[place] = watched;
        _deadlines += watched.HasDeadline ? 1 : 0;
        var result = Kernel.ControlEvents(_epoll, Kernel.EPOLL_CTL_ADD, fd, events, watched.Token);
        if (result < 0)
        {
            Forget(watched);
        }

        return result;
    }

    internal void Change(Watched watched, int fd, uint events) =>
        Kernel.ControlEvents(_epoll, Kernel.EPOLL_CTL_MOD, fd, events, watched.Token);

    /// <summary>Closes the descriptor, too, so that it can't be waited for any more.</summary>
    internal void Remove(Watched watched, int fd)
    {
        Forget(watched);
        Kernel.Close(fd);
    }

    /// <summary>Waits until something happens, or until it is time to look at deadlines.</summary>
    /// <param name="limit">The longest wait in milliseconds; −1 for none.</param>
    internal void Turn(int limit)
    {
        var wait = _deadlines > 0 && (limit < 0 || limit > TickMilliseconds) ? TickMilliseconds : limit;
        var count = Kernel.WaitForEvents(_epoll, _ready, wait);
        for (var i = 0; i < count; i++)
        {
            var place = (int)(uint)_ready[i].Data;
            if (_watched[place] is { } watched && watched.Token == _ready[i].Data)
            {
                watched.OnReady();
            }
        }

        if (_deadlines > 0)
        {
            Tick(Now);
        }
    }

    private void Tick(long now)
    {
        if (now - _lastTick < TickMilliseconds)
        {
            return;
        }

        _lastTick = now;
        for (var i = 0; i < _watched.Count; i++)
        {
            if (_watched[i] is { HasDeadline: true } watched)
            {
                watched.OnTick(now);
            }
        }
    }

    private void Forget(Watched watched)
    {
        var place = (int)(uint)watched.Token;
        _watched[place] = null;
        _free.Push(place);
        _deadlines -= watched.HasDeadline ? 1 : 0;
        watched.Token = 0;
    }
}
