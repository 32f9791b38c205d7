namespace PsContainers.Images.Tests.Registry;

/// <summary>Time in which nobody waits for the next try: short timers end at once, and the clock is put forward by as much.</summary>
/// <remarks>Timers as long as the patience with a silent registry run as they should.</remarks>
internal sealed class HastyTime : TimeProvider
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly Lock _turn = new();
    private readonly List<TimeSpan> _waits = [];
    private TimeSpan _ahead;

    /// <summary>How long somebody wanted to wait, in turn.</summary>
    internal IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_turn)
            {
                return [.. _waits];
            }
        }
    }

    internal void Advance(TimeSpan time)
    {
        lock (_turn)
        {
            _ahead += time;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_turn)
        {
            return base.GetUtcNow() + _ahead;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // The patience is a whole minute, which no other wait is by chance: the others have their share of it taken off.
        if (dueTime == _patience || dueTime == Timeout.InfiniteTimeSpan)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        lock (_turn)
        {
            _waits.Add(dueTime);
            _ahead += dueTime;
        }

        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
