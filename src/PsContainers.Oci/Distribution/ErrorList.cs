namespace PsContainers.Oci.Distribution;

/// <summary>What a registry says about a request that it refused.</summary>
/// <remarks>https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes</remarks>
public sealed record ErrorList
{
    public IReadOnlyList<DistributionError?>? Errors { get; init; }

    /// <summary>What token servers and gateways say instead of <see cref="Errors"/>.</summary>
    public string? Message { get; init; }

    /// <summary>The same in the manner of OAuth 2.</summary>
    public string? ErrorDescription { get; init; }
}

/// <summary>One error: a code of the specification such as `MANIFEST_UNKNOWN`, and words.</summary>
public sealed record DistributionError
{
    public string? Code { get; init; }

    public string? Message { get; init; }
}
