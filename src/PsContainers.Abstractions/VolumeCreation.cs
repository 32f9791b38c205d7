namespace PsContainers;

/// <summary>What to make a volume from.</summary>
public sealed record VolumeCreation
{
    /// <summary>An anonymous volume's name is its id.</summary>
    public string? Name { get; init; }

    /// <summary>A plugin's name; the default driver when it is not set.</summary>
    public string? Driver { get; init; }

    public IReadOnlyDictionary<string, string>? Options { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }
}
