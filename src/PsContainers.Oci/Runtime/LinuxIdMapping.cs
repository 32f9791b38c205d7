using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>A range of user or group ids and where it lies on the host. user_namespaces(7)</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#user-namespace-mappings</remarks>
public sealed record LinuxIdMapping(
    [property: JsonPropertyName("containerID")] uint ContainerId,
    [property: JsonPropertyName("hostID")] uint HostId,
    uint Size);
