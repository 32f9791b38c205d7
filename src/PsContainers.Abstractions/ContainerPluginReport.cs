namespace PsContainers;

/// <summary>How one check of a plugin went.</summary>
public enum ContainerPluginOutcome
{
    Passed,
    Failed,

    /// <summary>It could not be tried, because another one failed or the plugin doesn't offer it.</summary>
    Skipped,
}

/// <summary>One check of a plugin against the contract.</summary>
public sealed record ContainerPluginCheck
{
    public required string Name { get; init; }

    public required ContainerPluginOutcome Outcome { get; init; }

    /// <summary>What was seen, and what should have been.</summary>
    public string? Message { get; init; }

    public required TimeSpan Duration { get; init; }

    public override string ToString() => Message is null ? $"{Outcome}: {Name}" : $"{Outcome}: {Name}: {Message}";
}

/// <summary>Whether a plugin keeps to the contract, check by check.</summary>
public sealed record ContainerPluginReport
{
    public required string Name { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyList<ContainerPluginCheck> Checks { get; init; }

    /// <summary>No check failed.</summary>
    public bool IsConforming => Checks.All(check => check.Outcome != ContainerPluginOutcome.Failed);
}
