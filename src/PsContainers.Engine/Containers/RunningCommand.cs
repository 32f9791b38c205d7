using System.Collections.Concurrent;
using PsContainers.Runtime.Launch;

namespace PsContainers.Engine.Containers;

/// <summary>A command in a container while it runs. Disposing it ends the command.</summary>
/// <remarks>
/// Its output is read on a thread of its own as it comes: whoever writes a long input to it must not stand still because nobody reads
/// what it answers.
/// </remarks>
public sealed class RunningCommand : IDisposable
{
    private const int BufferSize = 32 * 1024;
    private const int SIGINT = 2;
    private const int SIGKILL = 9;
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    private readonly CommandProcess _process;
    private readonly BlockingCollection<ContainerOutputLine> _lines = [];
    private readonly Task _reader;
    private bool _isInputOpen;

    internal RunningCommand(CommandProcess process, Container container)
    {
        _process = process;
        _isInputOpen = process.StandardInput is not null;
        Container = container;
        _reader = Task.Factory.StartNew(Read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public Container Container { get; }

    /// <summary>Writes to the command's stdin; what it does not want to read any more is dropped, as a shell's pipe does.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isInputOpen && !_process.StandardInput!.TryWrite(bytes))
        {
            CloseInput();
        }
    }

    /// <summary>The lines that have come so far.</summary>
    public IEnumerable<ContainerOutputLine> TakeAvailable()
    {
        while (_lines.TryTake(out var line))
        {
            yield return line;
        }
    }

    /// <summary>Ends the input and hands on the rest of the output, on this thread, until the command has ended.</summary>
    /// <returns>The exit code, or 128 + the signal that ended it.</returns>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled: the command got SIGINT, and SIGKILL if it did not end.
    /// </exception>
    public int Finish(Action<ContainerOutputLine> output, CancellationToken cancellation)
    {
        CloseInput();
        using var interruption = cancellation.UnsafeRegister(command => ((RunningCommand)command!).Interrupt(), this);
        foreach (var line in _lines.GetConsumingEnumerable(CancellationToken.None))
        {
            output(line);
        }

        var code = _process.WaitForExit();
        cancellation.ThrowIfCancellationRequested();
        return code;
    }

    public void Dispose()
    {
        _process.Signal(SIGKILL);
        _reader.Wait();
        _process.Dispose();
        _lines.Dispose();
    }

    private void CloseInput()
    {
        if (_isInputOpen)
        {
            _isInputOpen = false;
            _process.StandardInput!.Dispose();
        }
    }

    private void Interrupt()
    {
        _process.Signal(SIGINT);
        _ = Task.Delay(_grace).ContinueWith(_ => _process.Signal(SIGKILL), TaskScheduler.Default);
    }

    private void Read()
    {
        try
        {
            ForegroundOutput.Copy(_process.StandardOutput, _process.StandardError, _lines.Add);
        }
        finally
        {
            _lines.CompleteAdding();
        }
    }
}
