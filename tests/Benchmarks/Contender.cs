namespace PsContainers.Benchmarks;

/// <summary>One way to do a thing. What <see cref="Prepare"/> and <see cref="Clear"/> do is not measured.</summary>
internal sealed record Contender(string Name, Action Run)
{
    public Action? Prepare { get; init; }

    /// <summary>How many milliseconds the last run took by a clock of its own, where its beginning and end are not to count.</summary>
    public Func<double>? OwnTime { get; init; }

    public Action? Clear { get; init; }
}

/// <summary>What was measured of one contender, in the unit of its section.</summary>
internal sealed record Measurement(string Name, double Median, double Minimum);

/// <summary>A figure that is to be reached: ours at most so many times the peer's, or at most so much where there is no peer.</summary>
internal sealed record Target(string Text, string Ours, string? Peer, double Limit);

/// <summary>Contenders that were measured together, and the targets among them.</summary>
internal sealed record Section(
    string Title, string Unit, IReadOnlyList<Measurement> Measurements, IReadOnlyList<Target> Targets, string Note);
