using System.Diagnostics;

namespace PsContainers.Benchmarks;

/// <summary>Measures contenders in shuffled rounds, so that a slow minute of the machine meets all of them.</summary>
internal static class Rounds
{
    /// <param name="warmUps">Rounds in front that do not count.</param>
    public static List<Measurement> Measure(IReadOnlyList<Contender> contenders, int rounds, int warmUps = 3)
    {
        var times = contenders.ToDictionary(contender => contender.Name, _ => new List<double>());
        for (var round = -warmUps; round < rounds; round++)
        {
            var order = contenders.ToArray();
            Random.Shared.Shuffle(order);
            foreach (var contender in order)
            {
                var time = Once(contender);
                if (round >= 0)
                {
                    times[contender.Name].Add(time);
                }
            }
        }

        return [.. contenders.Select(contender => Measurement(contender.Name, times[contender.Name]))];
    }

    public static Measurement Measurement(string name, List<double> values)
    {
        values.Sort();
        return new Measurement(name, values[values.Count / 2], values[0]);
    }

    private static double Once(Contender contender)
    {
        contender.Prepare?.Invoke();
        var start = Stopwatch.GetTimestamp();
        contender.Run();
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        time = contender.OwnTime?.Invoke() ?? time;
        contender.Clear?.Invoke();
        return time;
    }
}
