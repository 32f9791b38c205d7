namespace PsContainers.Oci.Distribution;

/// <summary>What `/v1/search` of Docker Hub and registries like it finds.</summary>
public sealed record SearchAnswer
{
    public IReadOnlyList<SearchResult?>? Results { get; init; }
}

/// <summary>A repository that was found.</summary>
public sealed record SearchResult
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public int StarCount { get; init; }

    public bool IsOfficial { get; init; }
}
