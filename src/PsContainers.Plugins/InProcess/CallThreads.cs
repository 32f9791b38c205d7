using System.Collections.Concurrent;
using PsContainers.Plugins.Contract;

namespace PsContainers.Plugins.InProcess;

/// <summary>Threads that driver calls run on, so that a caller comes back from one that hangs.</summary>
/// <remarks>
/// Threads of their own and not the pool's: calls that hang would starve everybody there. One that a call is stuck on is given up, and
/// ends when the call does. Handing a call over and back costs about ten microseconds.
/// </remarks>
internal sealed class CallThreads(string owner) : IDisposable
{
    // What a driver gets to undo its work after it was told to stop.
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(500);
    private readonly ConcurrentStack<CallThread> _idle = [];
    private volatile bool _isDisposed;

    /// <summary>Runs it on another thread, and waits for so long.</summary>
    /// <param name="operation">For the message.</param>
    /// <exception cref="PluginFailure">It did not end in time.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public T Run<T>(string operation, TimeSpan patience, Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        T result = default!;
        var call = new PendingCall(() => result = work(stop.Token));
        var thread = _idle.TryPop(out var idle) ? idle : new CallThread(owner);
        thread.Begin(call);
        var isInTime = call.Wait(patience, cancellation);
        if (!isInTime)
        {
            stop.Cancel();
            if (!call.Wait(_grace, CancellationToken.None))
            {
                thread.End(); // as soon as it can
                throw Late(operation, patience, " and goes on in this process", cancellation);
            }
        }

        Return(thread);
        stop.Dispose();
        if (!isInTime && call.Failure is OperationCanceledException)
        {
            throw Late(operation, patience, "", cancellation);
        }

        call.ThrowIfFailed();
        return result;
    }

    public void Dispose()
    {
        _isDisposed = true;
        while (_idle.TryPop(out var thread))
        {
            thread.End();
        }
    }

    private static Exception Late(string operation, TimeSpan patience, string addition, CancellationToken cancellation) =>
        cancellation.IsCancellationRequested
            ? new OperationCanceledException(cancellation)
            : new PluginFailure($"did not end {operation} within {patience.TotalSeconds} seconds{addition}");

    private void Return(CallThread thread)
    {
        _idle.Push(thread);
        if (_isDisposed)
        {
            Dispose();
        }
    }
}
