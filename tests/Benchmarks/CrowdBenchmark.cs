using System.Diagnostics;
using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Benchmarks;

/// <summary>Many containers: started at the same time, and alive at the same time.</summary>
internal static class CrowdBenchmark
{
    private const int Parallel = 50;
    private const int Alive = 300;
    private const int Edge = 20;

    public static IEnumerable<Section> Run(Workspace workspace, int rounds)
    {
        var runtimes = OciRuntime.All(workspace);
        yield return Together(runtimes, rounds);
        foreach (var section in Crowd(runtimes))
        {
            yield return section;
        }
    }

    private static Section Together(IReadOnlyList<OciRuntime> runtimes, int rounds)
    {
        var contenders = runtimes.Select(runtime =>
        {
            var bundles = Bundles(runtime, Parallel);
            return new Contender(runtime.Name, () => StartAll(runtime, bundles)) { Clear = () => Clear(runtime, Parallel) };
        });
        return new Section(
            $"{Parallel} containers of `sleep` started at the same time", "ms", Rounds.Measure([.. contenders], rounds),
            OciBenchmark.Targets(runtimes), $"`run --detach`, all {Parallel} processes at once, until the last has ended.");
    }

    private static void StartAll(OciRuntime runtime, IReadOnlyList<string> bundles)
    {
        int[] started = [.. bundles.Select((bundle, i) => runtime.Begin("run", "--detach", "--bundle", bundle, Id(i)))];
        foreach (var process in started)
        {
            if (ChildProcess.Wait(process) is not 0 and var code)
            {
                throw new InvalidOperationException($"{runtime.Name} run ended with code {code}");
            }
        }
    }

    private static Section[] Crowd(IReadOnlyList<OciRuntime> runtimes)
    {
        var hasWarmedUp = false;
        var starts = new List<Measurement>();
        var memory = new List<Measurement>();
        var growth = new List<Measurement>();

        // The kernel keeps what the first crowd made it allocate: whoever came first would pay for all.
        foreach (var runtime in runtimes.Prepend(runtimes[0]))
        {
            var bundles = Bundles(runtime, Alive);
            var before = Available();
            var times = new List<double>();
            for (var i = 0; i < Alive; i++)
            {
                var start = Stopwatch.GetTimestamp();
                runtime.Do("run", "--detach", "--bundle", bundles[i], Id(i));
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            // What was freed lately is counted late.
            Thread.Sleep(1000);
            if (!hasWarmedUp)
            {
                hasWarmedUp = true;
                Clear(runtime, Alive);
                continue;
            }

            memory.Add(Rounds.Measurement(runtime.Name, [(before - Available()) / Alive]));
            growth.Add(Rounds.Measurement(runtime.Name, [Median(times[^Edge..]) / Median(times[..Edge])]));
            starts.Add(Rounds.Measurement(runtime.Name, times));
            Clear(runtime, Alive);
        }

        var ours = runtimes[0].Name;
        return
        [
            new($"{Alive} containers alive: each start", "ms", starts, OciBenchmark.Targets(runtimes),
                "`run --detach`, one after the other."),
            new($"{Alive} containers alive: the last starts against the first", "times", growth, [new("≤ 1.3", ours, null, 1.3)],
                $"Median of the last {Edge} ÷ median of the first {Edge}."),
            new($"{Alive} containers alive: memory of each", "kB", memory, [new("no more than crun's", ours, "crun", 1)],
                "What the machine has less available than before, namespaces and control groups of the kernel included."),
        ];
    }

    private static List<string> Bundles(OciRuntime runtime, int count) =>
        [.. Enumerable.Range(0, count).Select(i => runtime.Bundle(isLimited: true, Id(i), "/bin/sleep", "600"))];

    private static void Clear(OciRuntime runtime, int count)
    {
        for (var i = 0; i < count; i++)
        {
            runtime.Remove(Id(i));
        }
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"c{number}");

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static double Available() => double.Parse(
        File.ReadLines("/proc/meminfo").Single(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
