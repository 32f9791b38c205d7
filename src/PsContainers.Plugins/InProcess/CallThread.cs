namespace PsContainers.Plugins.InProcess;

/// <summary>A thread that runs one call after another until it is told to end.</summary>
internal sealed class CallThread
{
    private readonly object _gate = new();
    private PendingCall? _call;
    private bool _isEnding;

    public CallThread(string owner) => new Thread(Serve) { IsBackground = true, Name = owner }.Start();

    /// <summary>Only while no other call runs on it.</summary>
    public void Begin(PendingCall call)
    {
        lock (_gate)
        {
            _call = call;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Ends the thread when its call has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnding = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Serve()
    {
        while (Next() is { } call)
        {
            call.Run();
        }
    }

    private PendingCall? Next()
    {
        lock (_gate)
        {
            while (_call is null && !_isEnding)
            {
                Monitor.Wait(_gate);
            }

            var call = _call;
            _call = null;
            return call;
        }
    }
}
