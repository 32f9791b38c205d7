namespace PsContainers.Oci.Distribution;

/// <summary>A page of a repository's tags.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#listing-tags</remarks>
public sealed record TagList
{
    /// <summary>Null in what some registries answer for a repository without tags.</summary>
    public IReadOnlyList<string?>? Tags { get; init; }
}
