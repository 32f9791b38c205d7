using System.Collections.Concurrent;
using System.Diagnostics;

namespace PsContainers.Engine.Runs;

/// <summary>Calls of drivers on behalf of somebody who came for something else, and does not wait for one that is slow.</summary>
internal sealed class BriefCalls
{
    /// <summary>How long somebody waits. The bridge needs a hundredth of it on a machine that is idle.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // What a driver gets to undo its work after it was told to stop, and a bit more: the host waits for that itself.
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    // For so long nobody in passing asks a driver again that was too slow for the last one.
    private static readonly TimeSpan _rest = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> _slow = new(StringComparer.Ordinal);

    /// <summary>Makes one call; what it throws is thrown here.</summary>
    /// <returns>False when it took longer, and was told to stop; also when the driver was too slow a moment ago.</returns>
    public bool TryRun(string driver, Action<CancellationToken> call)
    {
        if (_slow.TryGetValue(driver, out var last) && Stopwatch.GetElapsedTime(last) < _rest)
        {
            return false;
        }

        var isInTime = TryRun(call);
        if (!isInTime)
        {
            _slow[driver] = Stopwatch.GetTimestamp();
        }

        return isInTime;
    }

    /// <summary>The driver did what somebody waited for.</summary>
    public void Forgive(string driver) => _slow.TryRemove(driver, out _);

    private static bool TryRun(Action<CancellationToken> action)
    {
        // On a thread of its own, because a plugin that is only just being started cannot be told to stop. Nor can a timer of the token
        // tell it: the pool that it needs may be as busy as the machine.
        var stop = new CancellationTokenSource();
        var call = Task.Factory.StartNew(
            () => action(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!HasEnded(call, Patience))
        {
            stop.Cancel();
            if (!HasEnded(call, _grace))
            {
                return false;
            }
        }

        stop.Dispose();
        try
        {
            call.GetAwaiter().GetResult();
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // WaitAny throws nothing of what the call did.
    private static bool HasEnded(Task call, TimeSpan patience) => Task.WaitAny([call], patience) == 0;
}
