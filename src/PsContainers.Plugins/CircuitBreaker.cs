namespace PsContainers.Plugins;

/// <summary>Gives a plugin up for a while that failed several times in a row, so that nobody waits for it again and again.</summary>
/// <param name="failures">How many failures in a row are enough.</param>
internal sealed class CircuitBreaker(TimeProvider time, int failures = 3)
{

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private int _failures;
    private long _last;

    public int Limit => failures;

    /// <summary>How long the plugin is still given up; null when it may be asked.</summary>
    public TimeSpan? Remaining()
    {
        lock (_gate)
        {
            var remaining = _failures < failures ? TimeSpan.Zero : Pause - time.GetElapsedTime(_last);
            return remaining > TimeSpan.Zero ? remaining : null;
        }
    }

    public void Succeeded()
    {
        lock (_gate)
        {
            _failures = 0;
        }
    }

    public void Failed()
    {
        lock (_gate)
        {
            _failures++;
            _last = time.GetTimestamp();
        }
    }
}
