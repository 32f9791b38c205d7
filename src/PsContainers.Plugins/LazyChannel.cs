using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Discovery;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins;

/// <summary>A plugin's channel, opened by the first call, and by the next one after it broke.</summary>
internal sealed class LazyChannel(PluginFolder plugin, PluginPaths paths, CircuitBreaker breaker) : IDisposable
{
    private readonly Lock _gate = new();
    private IDriverChannel? _channel;
    private bool _isDisposed;

    public bool IsOpen => Volatile.Read(ref _channel) is { IsBroken: false };

    /// <summary>The plugin's process, while it runs.</summary>
    public int? ProcessId => Volatile.Read(ref _channel) is { IsBroken: false } channel ? channel.ProcessId : null;

    /// <summary>Why the last call failed; null after one that did not.</summary>
    public string? LastFailure { get; private set; }

    /// <summary>Calls the driver. A driver that refuses works; one that breaks the contract is given up after a few times.</summary>
    public TAnswer Call<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method, TQuestion question, CancellationToken cancellation)
    {
        return Guarded(() => Open().Call(method, question, cancellation));
    }

    /// <summary>Opens the channel before any call needs it.</summary>
    public void Start() => Guarded(Open);

    /// <summary>Asks the driver to end, and waits for so long.</summary>
    public bool TryEnd(TimeSpan patience) => Volatile.Read(ref _channel)?.TryEnd(patience) ?? true;

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _channel?.Dispose();
            _channel = null;
        }
    }

    private T Guarded<T>(Func<T> call)
    {
        if (breaker.Remaining() is { } remaining)
        {
            throw new DriverException(
                $"plugin {plugin.Manifest.Name} is not asked for {Math.Ceiling(remaining.TotalSeconds)} more seconds, after "
                    + $"{breaker.Limit} failures in a row; the last: {LastFailure}",
                DriverErrorKind.Unavailable);
        }

        try
        {
            var answer = call();
            Succeeded();
            return answer;
        }
        catch (DriverException)
        {
            Succeeded();
            throw;
        }
        catch (PluginFailure e)
        {
            LastFailure = $"plugin {plugin.Manifest.Name} {e.Message}";
            breaker.Failed();
            throw new DriverException(LastFailure, DriverErrorKind.Unavailable, cause: e);
        }
    }

    private void Succeeded()
    {
        LastFailure = null;
        breaker.Succeeded();
    }

    private IDriverChannel Open()
    {
        if (Volatile.Read(ref _channel) is { IsBroken: false } opened)
        {
            return opened;
        }

        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_channel is { IsBroken: true } broken)
            {
                _channel = null;
                broken.Dispose();
                if (broken.TakeBreach() is { } breach)
                {
                    throw new PluginFailure(breach);
                }
            }

            return _channel ??= Transports.Open(plugin, PluginDirectories.Prepare(plugin, paths));
        }
    }
}
