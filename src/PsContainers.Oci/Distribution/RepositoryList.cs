namespace PsContainers.Oci.Distribution;

/// <summary>A page of a registry's repositories.</summary>
/// <remarks>https://distribution.github.io/distribution/spec/api/#catalog</remarks>
public sealed record RepositoryList
{
    public IReadOnlyList<string?>? Repositories { get; init; }
}
