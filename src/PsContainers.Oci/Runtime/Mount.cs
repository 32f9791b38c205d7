using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>One mount as a value: snapshots and volumes emit it, the launcher alone applies it.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#mounts</remarks>
public sealed record Mount(string Destination, string? Type = null, string? Source = null, IReadOnlyList<string>? Options = null)
{
    /// <summary>For an id-mapped mount: how user ids of the source appear inside.</summary>
    public IReadOnlyList<LinuxIdMapping>? UidMappings { get; init; }

    public IReadOnlyList<LinuxIdMapping>? GidMappings { get; init; }

    /// <summary>
    /// The one file or directory of the source, or of the file system, that the mount shows; null for all of it. A path as a process
    /// has it whose root is the source: no `..` and no link leads out.
    /// </summary>
    /// <remarks>Not of the specification, where a mount is always the whole.</remarks>
    [JsonIgnore]
    public string? Subpath { get; init; }
}
