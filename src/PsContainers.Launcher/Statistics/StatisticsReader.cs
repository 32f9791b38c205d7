using System.Globalization;
using PsContainers.Launcher.CommandLine;

namespace PsContainers.Launcher.Statistics;

/// <summary>Reads a container's control groups, each controller in the version that has it.</summary>
/// <remarks>https://docs.kernel.org/admin-guide/cgroup-v1/ and https://docs.kernel.org/admin-guide/cgroup-v2.html</remarks>
internal sealed class StatisticsReader(IReadOnlyList<OciCgroup> groups)
{
    // USER_HZ: what cpuacct.stat counts in.
    private const ulong NanosecondsPerTick = 10_000_000;

    private static readonly string[] _pageSizes =
    [
        .. new DirectoryInfo("/sys/kernel/mm/hugepages") is { Exists: true } sizes
            ? sizes.GetDirectories("hugepages-*kB").Select(size => SizeName(size.Name)).Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>(),
    ];

    internal ContainerStatistics Read() => new(Cpu(), Memory(), Pids(), BlockIo(), Hugetlb());

    /// <summary>How many processes the kernel killed for want of memory.</summary>
    internal ulong OomKills()
    {
        var (group, isUnified) = Find("memory");
        return group.Table(isUnified ? "memory.events" : "memory.oom_control").GetValueOrDefault("oom_kill");
    }

    private CpuStatistics Cpu()
    {
        var (group, isUnified) = Find("cpu");
        var table = group.Table("cpu.stat");
        if (isUnified)
        {
            return new CpuStatistics(
                new CpuUsage(Of("usage_usec") * 1000, Of("system_usec") * 1000, Of("user_usec") * 1000, null),
                new CpuThrottling(Of("nr_periods"), Of("nr_throttled"), Of("throttled_usec") * 1000));
        }

        var account = Find("cpuacct").Group;
        var ticks = account.Table("cpuacct.stat");
        return new CpuStatistics(
            new CpuUsage(
                account.Number("cpuacct.usage"),
                ticks.GetValueOrDefault("system") * NanosecondsPerTick,
                ticks.GetValueOrDefault("user") * NanosecondsPerTick,
                [.. account.Text("cpuacct.usage_percpu").Split(' ', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                    .Select(CgroupNumbers.Parse)]),
            new CpuThrottling(Of("nr_periods"), Of("nr_throttled"), Of("throttled_time")));

        ulong Of(string name) => table.GetValueOrDefault(name);
    }

    private MemoryStatistics Memory()
    {
        var (group, isUnified) = Find("memory");
        var raw = group.Table("memory.stat");
        if (!isUnified)
        {
            return new MemoryStatistics(
                raw.GetValueOrDefault("cache"), Version1("memory"), Version1("memory.memsw"), Version1("memory.kmem"), raw);
        }

        var failures = group.Table("memory.events").GetValueOrDefault("max");
        var swapFailures = group.Table("memory.swap.events").GetValueOrDefault("max");
        return new MemoryStatistics(
            raw.GetValueOrDefault("file"),
            new LimitedUsage(
                group.Number("memory.max", ulong.MaxValue), group.Number("memory.current"), group.Number("memory.peak"), failures),
            new LimitedUsage(
                group.Number("memory.swap.max", ulong.MaxValue),
                group.Number("memory.swap.current"),
                group.Number("memory.swap.peak"),
                swapFailures),
            new LimitedUsage(ulong.MaxValue, raw.GetValueOrDefault("kernel"), 0, 0),
            raw);

        LimitedUsage Version1(string name) => new(
            group.Number($"{name}.limit_in_bytes", ulong.MaxValue),
            group.Number($"{name}.usage_in_bytes"),
            group.Number($"{name}.max_usage_in_bytes"),
            group.Number($"{name}.failcnt"));
    }

    private PidsStatistics Pids()
    {
        var group = Find("pids").Group;
        var limit = group.Number("pids.max");
        return new PidsStatistics(group.Number("pids.current"), limit == ulong.MaxValue ? 0 : limit);
    }

    private BlockIoStatistics BlockIo()
    {
        var (unified, isUnified) = Find("io");
        if (isUnified)
        {
            var lines = unified.Text("io.stat");
            return new BlockIoStatistics(
                [.. Version2(lines, "rbytes", "Read"), .. Version2(lines, "wbytes", "Write")],
                [.. Version2(lines, "rios", "Read"), .. Version2(lines, "wios", "Write")]);
        }

        var group = Find("blkio").Group;
        return new BlockIoStatistics(
            [.. Version1(group.Text("blkio.throttle.io_service_bytes_recursive"))],
            [.. Version1(group.Text("blkio.throttle.io_serviced_recursive"))]);
    }

    // "8:0 Read 4096", and a line "Total" without a device.
    private static IEnumerable<BlockIoEntry> Version1(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var device, var operation, var value] && TryDevice(device, out var major, out var minor))
            {
                yield return new BlockIoEntry(major, minor, operation, CgroupNumbers.Parse(value));
            }
        }
    }

    // "8:0 rbytes=4096 wbytes=0 rios=1 …"
    private static IEnumerable<BlockIoEntry> Version2(string text, string name, string operation)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ');
            var found = words.FirstOrDefault(word => word.StartsWith($"{name}=", StringComparison.Ordinal));
            if (found is not null && TryDevice(words[0], out var major, out var minor))
            {
                yield return new BlockIoEntry(major, minor, operation, CgroupNumbers.Parse(found[(name.Length + 1)..]));
            }
        }
    }

    private static bool TryDevice(string text, out uint major, out uint minor)
    {
        minor = 0;
        var parts = text.Split(':');
        return uint.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out major)
            && parts.Length == 2
            && uint.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minor);
    }

    private Dictionary<string, PeakUsage> Hugetlb()
    {
        var (group, isUnified) = Find("hugetlb");
        return group.Directory is null ? [] : _pageSizes.ToDictionary(size => size, size => isUnified
            ? new PeakUsage(
                group.Number($"hugetlb.{size}.current"), 0, group.Table($"hugetlb.{size}.events").GetValueOrDefault("max"))
            : new PeakUsage(
                group.Number($"hugetlb.{size}.usage_in_bytes"),
                group.Number($"hugetlb.{size}.max_usage_in_bytes"),
                group.Number($"hugetlb.{size}.failcnt")));
    }

    // "hugepages-2048kB" is "2MB" in the names of the controller's files.
    private static string SizeName(string directory)
    {
        var kilobytes = ulong.Parse(directory["hugepages-".Length..^2], CultureInfo.InvariantCulture);
        return kilobytes >= 1 << 20 ? $"{kilobytes >> 20}GB" : kilobytes >= 1 << 10 ? $"{kilobytes >> 10}MB" : $"{kilobytes}KB";
    }

    private (CgroupNumbers Group, bool IsUnified) Find(string controller)
    {
        var group = groups.FirstOrDefault(group => group.Controllers.Contains(controller));
        return (new CgroupNumbers(group?.Path), group?.Unified ?? false);
    }
}
