using System.Diagnostics;

namespace PsContainers.Cmdlets.Images;

/// <summary>Bytes per second over the last few seconds.</summary>
internal sealed class TransferRate
{
    private static readonly TimeSpan _window = TimeSpan.FromSeconds(5);

    private readonly Queue<(long Time, long Done)> _samples = new();

    /// <param name="time">A time stamp of <see cref="Stopwatch"/>.</param>
    public double Measure(long done, long time)
    {
        _samples.Enqueue((time, done));
        while (Stopwatch.GetElapsedTime(_samples.Peek().Time, time) > _window)
        {
            _samples.Dequeue();
        }

        var (began, first) = _samples.Peek();
        var seconds = Stopwatch.GetElapsedTime(began, time).TotalSeconds;
        return seconds > 0 ? Math.Max(0, done - first) / seconds : 0;
    }
}
