using System.Text.Json.Serialization;

namespace PsContainers.Oci.Runtime;

/// <summary>The limits that control groups hold the container to.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#control-groups</remarks>
public sealed record LinuxResources
{
    public IReadOnlyList<LinuxDeviceCgroup>? Devices { get; init; }

    public LinuxMemory? Memory { get; init; }

    public LinuxCpu? Cpu { get; init; }

    public LinuxPids? Pids { get; init; }

    [JsonPropertyName("blockIO")]
    public LinuxBlockIo? BlockIo { get; init; }

    public IReadOnlyList<LinuxHugepageLimit>? HugepageLimits { get; init; }

    public LinuxNetwork? Network { get; init; }

    public IReadOnlyDictionary<string, LinuxRdma>? Rdma { get; init; }

    /// <summary>cgroup v2 files and what to write into them, verbatim.</summary>
    public IReadOnlyDictionary<string, string>? Unified { get; init; }
}

/// <summary>The number of tasks; −1 means no limit.</summary>
public sealed record LinuxPids(long? Limit = null);

/// <summary>A limit for pages of one size, such as <c>2MB</c>.</summary>
public sealed record LinuxHugepageLimit(string PageSize, ulong Limit);

/// <summary>Limits of one RDMA device.</summary>
public sealed record LinuxRdma
{
    public uint? HcaHandles { get; init; }

    public uint? HcaObjects { get; init; }
}

/// <summary>The cgroup v1 controllers net_cls and net_prio.</summary>
public sealed record LinuxNetwork
{
    [JsonPropertyName("classID")]
    public uint? ClassId { get; init; }

    public IReadOnlyList<LinuxInterfacePriority>? Priorities { get; init; }
}

/// <summary>The priority of traffic through one interface.</summary>
public sealed record LinuxInterfacePriority(string Name, uint Priority);
