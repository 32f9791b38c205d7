using System.Runtime.ExceptionServices;

namespace PsContainers.Plugins.InProcess;

/// <summary>Work that one thread does and another one waits for.</summary>
internal sealed class PendingCall(Action work)
{
    private readonly TaskCompletionSource _ended = new();

    public Exception? Failure { get; private set; }

    public void Run()
    {
        // Whatever a stranger's code throws is his caller's to judge: here it would end the process.
        try
        {
            work();
        }
        catch (Exception e)
        {
            Failure = e;
        }

        _ended.SetResult();
    }

    /// <summary>False when it goes on: after so long, or because the caller cancels.</summary>
    public bool Wait(TimeSpan patience, CancellationToken cancellation)
    {
        try
        {
            return _ended.Task.Wait(patience, cancellation);
        }
        catch (OperationCanceledException)
        {
            return _ended.Task.IsCompleted;
        }
    }

    public void ThrowIfFailed()
    {
        if (Failure is not null)
        {
            ExceptionDispatchInfo.Throw(Failure);
        }
    }
}
