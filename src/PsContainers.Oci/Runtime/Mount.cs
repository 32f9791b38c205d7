namespace PsContainers.Oci.Runtime;

/// <summary>One mount as a value: snapshots and volumes emit it, the launcher alone applies it.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#mounts</remarks>
public sealed record Mount(string Destination, string? Type = null, string? Source = null, IReadOnlyList<string>? Options = null)
{
    /// <summary>For an id-mapped mount: how user ids of the source appear inside.</summary>
    public IReadOnlyList<LinuxIdMapping>? UidMappings { get; init; }

    public IReadOnlyList<LinuxIdMapping>? GidMappings { get; init; }
}
