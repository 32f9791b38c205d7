using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Json;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Processes;

/// <summary>A driver in a process that reads a request in each line, and writes its answer in one: any script can.</summary>
/// <remarks>One request at a time, so that a script need not keep several apart.</remarks>
internal sealed class JsonLinesChannel : IDriverChannel
{
    private readonly PluginManifest _manifest;
    private readonly JsonLines _lines = new();
    private readonly Lock _turn = new();
    private readonly PluginProcess _process;
    private int _lastId;

    private JsonLinesChannel(PluginFolder plugin, DriverEnvironment environment)
    {
        _manifest = plugin.Manifest;
        _process = PluginProcess.Start(plugin, environment, _lines);
    }

    public bool IsBroken => _process.HasEnded;

    public int? ProcessId => _process.Id;

    public static JsonLinesChannel Open(PluginFolder plugin, DriverEnvironment environment)
    {
        var channel = new JsonLinesChannel(plugin, environment);
        try
        {
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
        var patience = TimeSpan.FromSeconds(method.SecondsOf(_manifest.Timeouts));
        var started = Stopwatch.GetTimestamp();
        AwaitTurn(patience, cancellation);

        try
        {
            using var answer = Exchange(method, question, patience - Stopwatch.GetElapsedTime(started), cancellation);
            return Result(method, answer.RootElement);
        }
        catch (Exception e) when (e is PluginFailure or OperationCanceledException)
        {
            // What it still might answer belongs to no request any more, and one failure is enough to tell of.
            _process.Kill();
            _process.TakeBreach();
            throw;
        }
        finally
        {
            _turn.Exit();
        }
    }

    public string? TakeBreach() => _process.TakeBreach();

    public bool TryEnd(TimeSpan patience) => _process.TryEnd(patience);

    public void Dispose() => _process.Dispose();

    private void AwaitTurn(TimeSpan patience, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (!_turn.TryEnter(TimeSpan.FromMilliseconds(50)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new PluginFailure($"was busy with another call for {patience.TotalSeconds} seconds");
            }
        }
    }

    private JsonDocument Exchange<TQuestion, TAnswer>(
        DriverMethod<TQuestion, TAnswer> method, TQuestion question, TimeSpan patience, CancellationToken cancellation)
    {
        var seconds = method.SecondsOf(_manifest.Timeouts);
        var started = Stopwatch.GetTimestamp();
        var next = _lines.Next();
        Send(method, question, patience);
        var remaining = patience - Stopwatch.GetElapsedTime(started);
        if (remaining <= TimeSpan.Zero || !next.Wait(remaining, cancellation))
        {
            throw new PluginFailure($"did not answer {method.Name} within {seconds} seconds{_process.Words}");
        }

        return next.Result is { } line
            ? AnswerText.Parse(line, method.Name)
            : throw new PluginFailure(_process.TakeBreach() is { } breach
                ? $"{breach}, when it was asked to {method.Name}"
                : $"{_process.Ending}, before it answered {method.Name}{_process.Words}");
    }

    // That it has ended is seen when it doesn't answer.
    private void Send<TQuestion, TAnswer>(DriverMethod<TQuestion, TAnswer> method, TQuestion question, TimeSpan patience)
    {
        try
        {
            _process.TryWrite(Request(method, question), patience);
        }
        catch (LinuxException e) when (e.Errno == Errno.ETIMEDOUT)
        {
            throw new PluginFailure(
                $"did not read the request to {method.Name} within {method.SecondsOf(_manifest.Timeouts)} seconds{_process.Words}", e);
        }
    }

    private byte[] Request<TQuestion, TAnswer>(DriverMethod<TQuestion, TAnswer> method, TQuestion question)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("id", ++_lastId);
            json.WriteString("method", method.Name);
            json.WritePropertyName("params");
            JsonSerializer.Serialize(json, question, method.Question);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    private TAnswer Result<TQuestion, TAnswer>(DriverMethod<TQuestion, TAnswer> method, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object
            || !answer.TryGetProperty("id", out var id)
            || !(id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out var number) && number == _lastId))
        {
            throw new PluginFailure($"answered {method.Name} without the request's id {_lastId}: {Abridged.Of(answer.GetRawText())}");
        }

        if (answer.TryGetProperty("error", out var error))
        {
            throw AnswerText.Error(method.Name, error);
        }

        return answer.TryGetProperty("result", out var result)
            ? AnswerText.Read(_manifest.Name, method, result)
            : throw new PluginFailure($"answered {method.Name} with neither a result nor an error");
    }
}
