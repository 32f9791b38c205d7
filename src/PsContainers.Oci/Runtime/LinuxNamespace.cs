using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>A namespace of the container: a new one, or the one that a path names. namespaces(7)</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#namespaces</remarks>
public sealed record LinuxNamespace(LinuxNamespaceType Type, string? Path = null);

[JsonConverter(typeof(SpecEnumConverter<LinuxNamespaceType>))]
public enum LinuxNamespaceType
{
    [JsonStringEnumMemberName("pid")]
    Pid,

    [JsonStringEnumMemberName("network")]
    Network,

    [JsonStringEnumMemberName("mount")]
    Mount,

    [JsonStringEnumMemberName("ipc")]
    Ipc,

    [JsonStringEnumMemberName("uts")]
    Uts,

    [JsonStringEnumMemberName("user")]
    User,

    [JsonStringEnumMemberName("cgroup")]
    Cgroup,

    [JsonStringEnumMemberName("time")]
    Time,
}
