namespace PsContainers;

/// <summary>What to change of a network. What is not set stays as it is.</summary>
public sealed record NetworkUpdate
{
    /// <summary>In the place of all that it has.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public bool? Internal { get; init; }

    /// <summary>Containers find each other by name.</summary>
    public bool? Names { get; init; }

    public int? Mtu { get; init; }

    /// <summary>In the place of all that it has.</summary>
    public IReadOnlyDictionary<string, string>? Options { get; init; }
}
