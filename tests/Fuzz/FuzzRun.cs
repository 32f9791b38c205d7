using System.Diagnostics;

namespace PsContainers.Fuzz;

/// <summary>Gives a target one input after the other, and keeps those that it fails with.</summary>
internal sealed class FuzzRun(string name, FuzzTarget target, string artifacts, FuzzOptions options)
{
    private const int MaximumFailures = 20;
    private const int MaximumPool = 4000;

    // An input that has not ended by then never will; the run ends with it.
    private static readonly TimeSpan _hang = TimeSpan.FromSeconds(60);

    private readonly HashSet<string> _outcomes = [];
    private readonly HashSet<string> _signatures = [];

    public int Inputs { get; private set; }

    public int Accepted { get; private set; }

    public int Outcomes => _outcomes.Count;

    public int Failures => _signatures.Count;

    // What is at work is on disk, should it end the process.
    private string Current => Path.Join(artifacts, $"{name}.current");

    public void Go()
    {
        foreach (var old in Directory.GetFiles(artifacts, $"{name}.*"))
        {
            File.Delete(old);
        }

        using var watchdog = new Timer(_ => EndHanging());
        var pool = new List<byte[]>();
        var seeds = target.Seeds();
        foreach (var seed in seeds)
        {
            pool.Add(seed);
            if (Try(seed, watchdog) is { Failure: null } attempt && attempt.Outcome != "accepted")
            {
                Report(attempt with { Failure = new OracleException($"a good input is refused: {attempt.Outcome}") }, seed);
            }
        }

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < options.Seconds && Failures < MaximumFailures)
        {
            var chance = new Chance(unchecked((options.Seed * 1_000_003) + Inputs));
            var mutated = target.Mutate(chance.Of(chance.OneIn(2) ? seeds : pool), chance.Of(pool), chance);
            var input = mutated.Length > FuzzTarget.MaximumLength ? mutated[..FuzzTarget.MaximumLength] : mutated;
            var known = _outcomes.Count;
            if (Try(input, watchdog).Failure is null && _outcomes.Count > known && pool.Count < MaximumPool)
            {
                pool.Add(input);
            }
        }

        File.Delete(Current);
    }

    private Attempt Try(byte[] input, Timer watchdog)
    {
        File.WriteAllBytes(Current, input);
        watchdog.Change(_hang, Timeout.InfiniteTimeSpan);
        var attempt = Attempt.Of(target, input);
        watchdog.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Inputs++;
        if (attempt.Failure is null)
        {
            _outcomes.Add(attempt.Outcome);
            Accepted += attempt.Outcome == "accepted" ? 1 : 0;
        }
        else
        {
            Report(attempt, input);
        }

        return attempt;
    }

    private void Report(Attempt attempt, byte[] input)
    {
        if (!_signatures.Add(attempt.Signature))
        {
            return;
        }

        var path = Path.Join(artifacts, $"{name}.{Failures}");
        File.WriteAllBytes(path, input);
        var smallest = Minimizer.Shrink(target, input, attempt.Signature);
        File.WriteAllBytes(path, smallest);
        var stack = string.Join('\n', attempt.Failure!.ToString().Split('\n').Take(12));
        Console.WriteLine($"failed {name}: {path} ({smallest.Length} of {input.Length} bytes)\n  {stack}");
    }

    private void EndHanging()
    {
        var path = Path.Join(artifacts, $"{name}.hang");
        File.Copy(Current, path, overwrite: true);
        Console.WriteLine($"failed {name}: {path} was not done with after {_hang.TotalSeconds:0} seconds");
        Console.Out.Flush();
        Environment.Exit(3);
    }
}
