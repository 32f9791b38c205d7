using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Processes;

/// <summary>A plugin's program while it runs, with a thread that reads what it writes.</summary>
/// <remarks>
/// The thread that starts it lives for as long as it does, because the kernel ends it with that thread (PR_SET_PDEATHSIG): so nothing is
/// left of a session that was killed, not even a program that doesn't look at its standard input.
/// </remarks>
internal sealed class PluginProcess : IDisposable
{
    private const int SigKill = 9;

    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(1);

    // A process that was killed ends at once, but for one that waits for a broken disk.
    private static readonly TimeSpan _longestEnd = TimeSpan.FromSeconds(5);

    private readonly IProcessOutput _output;
    private readonly LastWords _words = new();
    private readonly Lock _inputGate = new();
    private readonly TaskCompletionSource<int> _started = new();
    private readonly Thread _thread;
    private readonly PipeEnd _input;
    private readonly PipeEnd _stop;
    private string? _breach;
    private volatile string? _ending;

    private PluginProcess(PluginFolder plugin, DriverEnvironment environment, IProcessOutput output)
    {
        _output = output;
        PipeEnd.Create(out var childInput, out _input);
        PipeEnd.Create(out var stopped, out _stop);
        _thread = new Thread(() => Serve(plugin, environment, childInput, stopped))
        {
            IsBackground = true,
            Name = "plugin " + plugin.Manifest.Name,
        };
        _thread.Start();
    }

    public int Id => _started.Task.Result;

    public bool HasEnded => _ending is not null;

    /// <summary>How it ended, to be read after "it".</summary>
    public string Ending => _ending ?? "runs";

    /// <summary>What it wrote to its standard error last, as the end of a message.</summary>
    public string Words => _words.ToString();

    public static PluginProcess Start(PluginFolder plugin, DriverEnvironment environment, IProcessOutput output)
    {
        var process = new PluginProcess(plugin, environment, output);
        try
        {
            // Bounded, because the program's file may lie on a disk that doesn't answer.
            process._started.Task.WaitAsync(TimeSpan.FromSeconds(plugin.Manifest.Timeouts.Start)).GetAwaiter().GetResult();
            return process;
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            process.Dispose();
            throw new PluginFailure($"could not be started: {e.Message}", e);
        }
    }

    /// <summary>What it did wrong, if it was ended for that; told once.</summary>
    public string? TakeBreach() => Interlocked.Exchange(ref _breach, null);

    /// <summary>Writes to its standard input.</summary>
    /// <returns>False when it has ended.</returns>
    /// <exception cref="LinuxException">ETIMEDOUT: it doesn't read.</exception>
    public bool TryWrite(ReadOnlySpan<byte> bytes, TimeSpan patience)
    {
        lock (_inputGate)
        {
            return !_input.IsClosed && _input.TryWrite(bytes, patience);
        }
    }

    /// <summary>Ends it, and all that it started and that is still in its session.</summary>
    public void Kill()
    {
        _stop.Dispose();
        _thread.Join(_longestEnd);
    }

    /// <summary>Lets it end by itself, by closing its standard input.</summary>
    /// <returns>False when it didn't within so long.</returns>
    public bool TryEnd(TimeSpan patience)
    {
        lock (_inputGate)
        {
            _input.Dispose();
        }

        return _thread.Join(patience);
    }

    /// <summary>False when it goes on for so long.</summary>
    public bool TryAwaitEnd(TimeSpan patience) => _thread.Join(patience);

    public void Dispose()
    {
        TryEnd(_farewell);
        Kill();
    }

    // An exception that left this thread would end the session.
    private void Serve(PluginFolder plugin, DriverEnvironment environment, PipeEnd childInput, PipeEnd stopped)
    {
        try
        {
            using (stopped)
            {
                Run(plugin, environment, childInput, stopped);
            }
        }
        catch (Exception e)
        {
            _ending ??= $"was lost ({e.Message})";
            _started.TrySetException(e);
        }
        finally
        {
            _ending ??= "ended";
            _output.End();
        }
    }

    private void Run(PluginFolder plugin, DriverEnvironment environment, PipeEnd childInput, PipeEnd stopped)
    {
        PipeEnd.Create(out var output, out var childOutput);
        PipeEnd.Create(out var error, out var childError);
        using (output)
        using (error)
        {
            int child;
            using (childInput)
            using (childOutput)
            using (childError)
            {
                child = Spawn(plugin, environment, [(childInput, 0), (childOutput, 1), (childError, 2)]);
            }

            _started.SetResult(child);
            try
            {
                Pump(output, error, stopped);
            }
            finally
            {
                ChildProcess.SignalGroup(child, SigKill);
                var code = ChildProcess.Wait(child);
                Drain(error);
                _ending = code > 128 ? $"ended by signal {code - 128}" : $"ended with code {code}";
            }
        }
    }

    private static int Spawn(
        PluginFolder plugin, DriverEnvironment environment, IReadOnlyList<(FileDescriptor Descriptor, int Number)> descriptors)
    {
        var command = SessionBound.Command(plugin.EntryPath, plugin.Manifest.Entry.Arguments ?? []);
        return ChildProcess.Spawn(
            command[0],
            command,
            descriptors,
            environment: [SessionBound.Path, .. plugin.Manifest.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
            directory: environment.RunDirectory);
    }

    private void Pump(PipeEnd output, PipeEnd error, PipeEnd stopped)
    {
        var buffer = new byte[64 * 1024];
        PipeEnd? openError = error;
        while (true)
        {
            var ready = Readiness.Wait([output, openError, stopped]);
            if ((ready & 4) != 0)
            {
                return;
            }

            if ((ready & 2) != 0)
            {
                var read = error.Read(buffer);
                _words.Add(buffer.AsSpan(0, read));
                openError = read == 0 ? null : error;
            }

            if ((ready & 1) != 0)
            {
                var read = output.Read(buffer);
                if (read == 0 || (_breach = _output.Take(buffer.AsSpan(0, read))) is not null)
                {
                    return;
                }
            }
        }
    }

    // What is there; a pipe that a child of the child keeps open never ends.
    private void Drain(PipeEnd error)
    {
        PipeEnd.Create(out var ended, out var end);
        end.Dispose();
        using (ended)
        {
            var buffer = new byte[4096];
            int read;
            for (var i = 0; i < 32 && (Readiness.Wait([error, ended]) & 1) != 0 && (read = error.Read(buffer)) > 0; i++)
            {
                _words.Add(buffer.AsSpan(0, read));
            }
        }
    }
}
