namespace PsContainers.Oci.Runtime;

/// <summary>CPU time and placement; quota, burst and period are in microseconds.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#cpu</remarks>
public sealed record LinuxCpu
{
    /// <summary>The relative weight in cgroup v1's terms: 2 to 262144, 1024 by default.</summary>
    public ulong? Shares { get; init; }

    public long? Quota { get; init; }

    public ulong? Burst { get; init; }

    public ulong? Period { get; init; }

    public long? RealtimeRuntime { get; init; }

    public ulong? RealtimePeriod { get; init; }

    public string? Cpus { get; init; }

    public string? Mems { get; init; }

    public long? Idle { get; init; }
}
