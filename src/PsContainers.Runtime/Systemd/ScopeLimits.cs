using System.Globalization;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Systemd;

/// <summary>
/// Limits as the properties of a scope: systemd writes what it knows into the group again whenever it reloads its units, so it must know
/// what we wrote. Whatever it has no property for it leaves alone. systemd.resource-control(5)
/// </summary>
internal static class ScopeLimits
{
    private const ulong Second = 1_000_000;

    // Systemd keeps a quota in whole percents of a CPU.
    private const ulong Percent = Second / 100;

    private static readonly Dictionary<string, string> _numbers = new()
    {
        ["memory.max"] = "MemoryMax",
        ["memory.high"] = "MemoryHigh",
        ["memory.low"] = "MemoryLow",
        ["memory.min"] = "MemoryMin",
        ["memory.swap.max"] = "MemorySwapMax",
        ["memory.limit_in_bytes"] = "MemoryLimit",
        ["pids.max"] = "TasksMax",
        ["cpu.weight"] = "CPUWeight",
        ["cpu.shares"] = "CPUShares",
        ["io.weight"] = "IOWeight",
        ["blkio.weight"] = "BlockIOWeight",
    };

    /// <param name="written">What stands in files of the container's groups, of either version.</param>
    /// <param name="version">Of systemd: a property that it does not know would make it refuse the others, too.</param>
    internal static IReadOnlyList<UnitProperty> Of(IReadOnlyList<CgroupWrite> written, int version) =>
    [
        .. written.SelectMany(write => Of(write, version)),
        .. QuotaOfVersion1(written, version),
        .. ScopeDevices.Of(written, version),
    ];

    private static IEnumerable<UnitProperty> Of(CgroupWrite write, int version)
    {
        // The others are for one device each: systemd rewrites those alone that it was given itself.
        var value = write.Value.Split('\n')[0];
        return write.File switch
        {
            _ when value.Contains(':', StringComparison.Ordinal) => [],
            "cpu.max" => Quota(value.Split(' '), version),
            "cpu.idle" when value == "1" && version >= 252 => [new UnitProperty("CPUWeight", 0ul)],
            "cpuset.cpus" when version >= 244 => Mask("AllowedCPUs", value),
            "cpuset.mems" when version >= 244 => Mask("AllowedMemoryNodes", value),
            _ when _numbers.TryGetValue(write.File, out var name) => [new UnitProperty(name, Number(value))],
            _ => [],
        };
    }

    // `QUOTA PERIOD`, where the period may be left out.
    private static IEnumerable<UnitProperty> Quota(string[] words, int version) =>
        Quota(Number(words[0]), words.Length > 1 ? Number(words[1]) : 0, version);

    // Two files, of which each may be left out; without a quota there is nothing to count a period of.
    private static IEnumerable<UnitProperty> QuotaOfVersion1(IReadOnlyList<CgroupWrite> written, int version)
    {
        var period = written.FirstOrDefault(write => write.File == "cpu.cfs_period_us");
        return written.FirstOrDefault(write => write.File == "cpu.cfs_quota_us") is { } quota
            ? Quota(Number(quota.Value), period is null ? 0 : Number(period.Value), version)
            : [];
    }

    private static IEnumerable<UnitProperty> Quota(ulong quota, ulong period, int version)
    {
        const ulong usual = Second / 10;
        if (period != 0 && version >= 242)
        {
            yield return new UnitProperty("CPUQuotaPeriodUSec", period);
        }

        // Rounded up: a group below may have been given all of it.
        yield return new UnitProperty(
            "CPUQuotaPerSecUSec",
            quota == UnitProperty.Infinity ? quota : RoundUp(quota * Second / (period == 0 ? usual : period)));
    }

    private static ulong RoundUp(ulong perSecond) => (perSecond + Percent - 1) / Percent * Percent;

    // A bit for each, the first byte with the lowest. Nothing at all is what a group inherits.
    private static IEnumerable<UnitProperty> Mask(string name, string list)
    {
        if (CpuList.TryParse(list) is not { } members)
        {
            return [];
        }

        var mask = new byte[(members.Largest / 8) + 1];
        foreach (var member in members)
        {
            mask[member / 8] |= (byte)(1 << (member % 8));
        }

        return [new UnitProperty(name, mask)];
    }

    // "max" in version 2, −1 in version 1; io.weight reads as `default 100`.
    private static ulong Number(string text) =>
        ulong.TryParse(text.AsSpan(text.LastIndexOf(' ') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : UnitProperty.Infinity;
}
