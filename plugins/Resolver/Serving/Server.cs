using PsContainers.Linux;
using PsContainers.Resolver.Lifetime;
using PsContainers.Resolver.Settings;

namespace PsContainers.Resolver.Serving;

/// <summary>Serves one network until its last name is gone; one thread, which never waits for anything but everything at once.</summary>
internal sealed class Server
{
    private const int RetryMilliseconds = 50;
    private const int LookMilliseconds = 500;
    private readonly ResolverDirectory _directory;
    private readonly Listeners _listeners;
    private readonly bool _isWoken;

    internal Server(ResolverDirectory directory)
    {
        _directory = directory;
        Settings = new NetworkSettings(directory.Descriptor);
        Responder = new Responder(Settings);
        Upstreams = new UpstreamOrder(Settings);
        Forwards = new UdpForwards(this);
        Connections = new TcpConnections(this);
        _listeners = new Listeners(this);
        _isWoken = DirectoryWatch.TryBegin(Loop, directory.Descriptor);
    }

    internal EventLoop Loop { get; } = new();

    internal RandomIds Random { get; } = new();

    internal NetworkSettings Settings { get; }

    internal Responder Responder { get; }

    internal UpstreamOrder Upstreams { get; }

    internal UdpForwards Forwards { get; }

    internal TcpConnections Connections { get; }

    /// <summary>What was received last; whoever keeps it makes a copy.</summary>
    internal byte[] Input { get; } = new byte[Responder.LargestMessage];

    /// <summary>What is about to be sent.</summary>
    internal byte[] Output { get; } = new byte[Responder.LargestMessage];

    /// <exception cref="LinuxException">An address cannot be listened on.</exception>
    internal void Listen()
    {
        Settings.Refresh();
        Settings.HasNewListeners = false;
        if (Settings.Listeners.Length == 0)
        {
            throw new IOException($"no address to listen on in {_directory.Path}/listen");
        }

        _listeners.Follow();
    }

    /// <summary>Returns when the network has no names any more and this has taken everything back.</summary>
    internal void Run()
    {
        while (true)
        {
            Settings.Refresh();
            if (Settings.Names.IsEmpty && TryEnd())
            {
                return;
            }

            FollowListeners();
            Loop.Turn(Settings.Names.IsEmpty ? RetryMilliseconds : _isWoken ? -1 : LookMilliseconds);
        }
    }

    /// <summary>Ends, unless a name comes at the last moment.</summary>
    /// <remarks>
    /// Whoever changes `names` holds `names.lock` meanwhile, and starts a resolver afterwards, which ends at once when this one holds
    /// `lock`. So all of the end happens under `names.lock`, after another look at `names`:
    /// <code>
    /// driver: lock names.lock · write names · unlock          · start a resolver: is `lock` held?
    /// here:                                      try names.lock · look at names · close sockets · release `lock` · release names.lock
    /// </code>
    /// Either the driver was first: then the look shows its name, and this goes on. Or this was first: then `lock` and the addresses are
    /// free before the driver can write its name, and the resolver that it starts after that serves it. While the driver holds
    /// `names.lock` this keeps serving and tries again. No name is left without a resolver, and no two serve at a time.
    /// </remarks>
    private bool TryEnd()
    {
        if (!_directory.TryLockNames())
        {
            return false;
        }

        Settings.Refresh();
        if (!Settings.Names.IsEmpty)
        {
            _directory.UnlockNames();
            return false;
        }

        Connections.CloseAll();
        _listeners.CloseAll();
        _directory.RemovePid();
        _directory.Unlock();
        _directory.UnlockNames();
        return true;
    }

    // There is nobody to tell but the log; the addresses that can be had are served.
    private void FollowListeners()
    {
        if (!Settings.HasNewListeners)
        {
            return;
        }

        Settings.HasNewListeners = false;
        try
        {
            _listeners.Follow();
        }
        catch (LinuxException e)
        {
            Log.Write(e.Message);
        }
    }
}
