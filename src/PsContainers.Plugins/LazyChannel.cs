using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Discovery;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins;

/// <summary>A plugin's channel, opened by the first call, and by the next one after it broke.</summary>
internal sealed class LazyChannel(PluginFolder plugin, PluginPaths paths, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CircuitBreaker _breaker = new(time);
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
        if (_breaker.Remaining() is { } remaining)
        {
            throw new DriverException(
                $"plugin {plugin.Manifest.Name} is not asked for {Math.Ceiling(remaining.TotalSeconds)} more seconds, after "
                    + $"{CircuitBreaker.Failures} failures in a row; the last: {LastFailure}",
                DriverErrorKind.Unavailable);
        }

        try
        {
            var answer = Open().Call(method, question, cancellation);
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
            _breaker.Failed();
            throw new DriverException(LastFailure, DriverErrorKind.Unavailable, cause: e);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _channel?.Dispose();
            _channel = null;
        }
    }

    private void Succeeded()
    {
        LastFailure = null;
        _breaker.Succeeded();
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
