namespace PsContainers.Oci.Runtime;

/// <summary>Where the container's root file system is: absolute, or relative to the bundle.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#root</remarks>
public sealed record RootSpec
{
    public required string Path { get; init; }

    public bool Readonly { get; init; }
}
