namespace PsContainers.Images.Registry.Http;

/// <summary>Ends a wait when nothing has happened for some time, or when the user wants it ended. For one wait after the other.</summary>
internal sealed class Watchdog(RegistrySettings settings, CancellationToken stop) : IDisposable
{
    private CancellationTokenSource? _timeout;

    /// <summary>Something has happened: the time begins anew.</summary>
    internal void Reset() => _timeout?.CancelAfter(settings.Patience);

    /// <summary>Waits for something; when it takes too long, that is a fault of the other side.</summary>
    internal async Task<T> WatchAsync<T>(Func<CancellationToken, ValueTask<T>> act)
    {
        if (_timeout is null or { IsCancellationRequested: true })
        {
            _timeout?.Dispose();
            _timeout = new(settings.Patience, settings.Time);
        }

        Reset();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, stop);
        try
        {
            return await act(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The other token is nobody's outside.
            throw new OperationCanceledException(stop);
        }
        catch (OperationCanceledException e) when (_timeout.IsCancellationRequested)
        {
            throw new IOException($"nothing came for {settings.Patience.TotalSeconds:0.#} seconds", e);
        }
        finally
        {
            _timeout.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timeout?.Dispose();
}
