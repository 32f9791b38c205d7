namespace PsContainers.Images.Registry.Http;

/// <summary>Ends a wait when nothing has happened for some time, or when the user wants it ended.</summary>
internal sealed class Watchdog : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly CancellationToken _stop;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    internal Watchdog(RegistrySettings settings, CancellationToken stop)
    {
        (_patience, _stop) = (settings.Patience, stop);
        _timeout = new(_patience, settings.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, stop);
    }

    internal CancellationToken Token => _either.Token;

    /// <summary>Something has happened: the time begins anew.</summary>
    internal void Reset() => _timeout.CancelAfter(_patience);

    /// <summary>Waits for something; when it takes too long, that is a fault of the other side.</summary>
    internal async Task<T> WatchAsync<T>(Func<CancellationToken, ValueTask<T>> act)
    {
        try
        {
            return await act(Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!_stop.IsCancellationRequested && _timeout.IsCancellationRequested)
        {
            throw new IOException($"nothing came for {_patience.TotalSeconds:0.#} seconds", e);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The other token is nobody's outside.
            throw new OperationCanceledException(_stop);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
