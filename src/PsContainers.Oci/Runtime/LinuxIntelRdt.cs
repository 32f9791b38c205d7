using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>Cache and memory bandwidth through the resctrl file system.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#intelrdt</remarks>
public sealed record LinuxIntelRdt
{
    [JsonPropertyName("closID")]
    public string? ClosId { get; init; }

    public IReadOnlyList<string>? Schemata { get; init; }

    public string? L3CacheSchema { get; init; }

    public string? MemBwSchema { get; init; }

    public bool? EnableMonitoring { get; init; }
}
