using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The cpu controller. https://docs.kernel.org/scheduler/sched-bwc.html</summary>
internal static class CpuController
{
    public static IEnumerable<CgroupWrite> Writes(LinuxCpu cpu)
    {
        if (cpu.Shares is { } shares and not 0)
        {
            yield return new CgroupWrite("cpu.shares", CgroupValue.Of(shares));
        }

        // The quota is checked against the period in force, and the burst against the quota: so this order.
        if (cpu.Period is { } period and not 0)
        {
            yield return new CgroupWrite("cpu.cfs_period_us", CgroupValue.Of(period));
        }

        if (cpu.Quota is { } quota and not 0)
        {
            yield return new CgroupWrite("cpu.cfs_quota_us", CgroupValue.Of(Math.Max(quota, -1)));
        }

        if (cpu.Burst is { } burst)
        {
            yield return new CgroupWrite("cpu.cfs_burst_us", CgroupValue.Of(burst));
        }

        if (cpu.RealtimePeriod is { } realtimePeriod and not 0)
        {
            yield return new CgroupWrite("cpu.rt_period_us", CgroupValue.Of(realtimePeriod));
        }

        if (cpu.RealtimeRuntime is { } realtimeRuntime and not 0)
        {
            yield return new CgroupWrite("cpu.rt_runtime_us", CgroupValue.Of(realtimeRuntime));
        }

        // An idle group refuses shares, so this comes last.
        if (cpu.Idle is { } idle)
        {
            yield return new CgroupWrite("cpu.idle", CgroupValue.Of(idle));
        }
    }
}
