using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Processes;

/// <summary>A driver in a process that speaks StreamJsonRpc. Several calls may run at once.</summary>
internal sealed class RpcChannel : IDriverChannel
{
    // What a driver gets to undo its work after it was told to stop.
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(500);

    private readonly PluginManifest _manifest;
    private readonly RpcOutput _output = new();
    private readonly PluginProcess _process;
    private RpcConnection? _connection;

    private RpcChannel(PluginFolder plugin, DriverEnvironment environment)
    {
        _manifest = plugin.Manifest;
        _process = PluginProcess.Start(plugin, environment, _output);
    }

    public bool IsBroken => _process.HasEnded;

    public int? ProcessId => _process.Id;

    public static RpcChannel Open(PluginFolder plugin, DriverEnvironment environment)
    {
        var channel = new RpcChannel(plugin, environment);
        try
        {
            channel.Connect(TimeSpan.FromSeconds(plugin.Manifest.Timeouts.Start));
            Hello.Say(channel, plugin.Manifest, environment);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    public TAnswer Call<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method, TQuestion question, CancellationToken cancellation)
    {
        _output.Allow();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var seconds = method.SecondsOf(_manifest.Timeouts);
        var call = _connection!.Invoke(method.Name, JsonSerializer.SerializeToElement(question, method.Question), stop.Token);
        try
        {
            var result = call.WaitAsync(TimeSpan.FromSeconds(seconds), cancellation).GetAwaiter().GetResult();
            return AnswerText.Read(_manifest.Name, method, result);
        }
        catch (RpcRefusal refusal)
        {
            throw Refused(method.Name, refusal);
        }
        catch (TimeoutException e)
        {
            Stop(call, stop);
            throw new PluginFailure($"did not answer {method.Name} within {seconds} seconds{_process.Words}", e);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Stop(call, stop);
            throw;
        }
        catch (Exception e) when (e is not (DriverException or PluginFailure))
        {
            throw Broken(e, $"before it answered {method.Name}");
        }
    }

    public string? TakeBreach() => _process.TakeBreach();

    public bool TryEnd(TimeSpan patience) => _process.TryEnd(patience);

    public void Dispose()
    {
        _connection?.Dispose();
        _process.Dispose();
    }

    private static Exception Refused(string method, RpcRefusal refusal)
    {
        var message = Abridged.Of(refusal.Message, Abridged.LongestMessage);
        if (refusal.ErrorData is not { } data || JsonShape.FirstMismatch(data, MessageJson.Default.DriverErrorData) is not null)
        {
            return new PluginFailure($"failed in {method}: {message}", refusal);
        }

        var read = data.Deserialize(MessageJson.Default.DriverErrorData)!;
        return new DriverException(message, read.Kind, read.Field is null ? null : Abridged.Of(read.Field), refusal);
    }

    private void Connect(TimeSpan patience)
    {
        try
        {
            _connection = RpcConnection.Open(_output.Stream, new RpcInput(_process), patience);
        }
        catch (TimeoutException e)
        {
            throw new PluginFailure(
                $"did not accept the channel \"rpc\" within {patience.TotalSeconds} seconds{_process.Words}", e);
        }
        catch (Exception e) when (e is not PluginFailure)
        {
            throw Broken(e, "before it accepted the channel \"rpc\"");
        }
    }

    // One that obeys goes on living, and so do the calls beside this one.
    private void Stop(Task call, CancellationTokenSource stop)
    {
        stop.Cancel();
        if (Task.WaitAny([call], _grace) < 0)
        {
            _process.Kill();
        }
    }

    // A process that ended, or that speaks something else: then it is of no more use.
    private PluginFailure Broken(Exception e, string when)
    {
        var hasEnded = _process.TryAwaitEnd(_grace);
        _process.Kill();
        var words = _process.TakeBreach() ?? (hasEnded ? _process.Ending : $"broke the connection ({Abridged.Of(e.Message)})");
        return new PluginFailure($"{words}, {when}{_process.Words}", e);
    }
}
