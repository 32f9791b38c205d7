using System.Diagnostics;

namespace PsContainers.Plugins.Cni;

/// <summary>The moment at which a call of the contract has to be over, however many plugins it asks.</summary>
internal readonly struct Deadline
{
    private readonly long _started;
    private readonly TimeSpan _patience;

    private Deadline(TimeSpan patience) => (_started, _patience) = (Stopwatch.GetTimestamp(), patience);

    public TimeSpan Remaining => TimeSpan.FromTicks(Math.Max(0, (_patience - Stopwatch.GetElapsedTime(_started)).Ticks));

    public static Deadline In(double seconds) => new(TimeSpan.FromSeconds(seconds));

    /// <summary>What one of so many that are still to come may take, so that the others have their time though it hangs.</summary>
    public Deadline Share(int count) => new(Remaining / count);
}
