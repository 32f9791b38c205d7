using System.Text.Json.Serialization;

namespace PsContainers.Launcher.Statistics;

/// <summary>One line of `events`, as runc writes it; the data stands beside the type `stats` only.</summary>
internal sealed record ContainerEvent(string Type, string Id, ContainerStatistics? Data = null);

/// <summary>What a container uses. Times in nanoseconds, memory in bytes.</summary>
internal sealed record ContainerStatistics(
    CpuStatistics Cpu,
    MemoryStatistics Memory,
    PidsStatistics Pids,
    BlockIoStatistics Blkio,
    IReadOnlyDictionary<string, PeakUsage> Hugetlb);

internal sealed record CpuStatistics(CpuUsage Usage, CpuThrottling Throttling);

/// <param name="Percpu">By CPU number; version 2 does not count it.</param>
internal sealed record CpuUsage(ulong Total, ulong Kernel, ulong User, IReadOnlyList<ulong>? Percpu);

internal sealed record CpuThrottling(ulong Periods, ulong ThrottledPeriods, ulong ThrottledTime);

/// <param name="Cache">The page cache's part.</param>
/// <param name="Raw">memory.stat, line by line.</param>
internal sealed record MemoryStatistics(
    ulong Cache, LimitedUsage Usage, LimitedUsage Swap, LimitedUsage Kernel, IReadOnlyDictionary<string, ulong> Raw);

/// <param name="Limit">The largest number where there is none.</param>
/// <param name="Failcnt">How often the limit was in the way.</param>
internal sealed record LimitedUsage(ulong Limit, ulong Usage, ulong Max, ulong Failcnt);

internal sealed record PeakUsage(ulong Usage, ulong Max, ulong Failcnt);

/// <param name="Limit">0 where there is none.</param>
internal sealed record PidsStatistics(ulong Current, ulong Limit);

internal sealed record BlockIoStatistics(
    IReadOnlyList<BlockIoEntry> IoServiceBytesRecursive, IReadOnlyList<BlockIoEntry> IoServicedRecursive);

/// <param name="Op">`Read`, `Write` and others of the kernel's words.</param>
internal sealed record BlockIoEntry(uint Major, uint Minor, string Op, ulong Value);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerEvent))]
internal sealed partial class StatisticsJson : JsonSerializerContext;
