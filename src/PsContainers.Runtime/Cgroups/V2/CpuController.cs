using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V2;

/// <summary>The cpu controller. https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu</summary>
internal static class CpuController
{
    public static IEnumerable<CgroupWrite> Writes(LinuxCpu cpu)
    {
        if (cpu.RealtimeRuntime is not (null or 0) || cpu.RealtimePeriod is not (null or 0))
        {
            throw new InvalidSettingException("linux.resources.cpu.realtimeRuntime", "cgroup version 2 has no such setting");
        }

        if (cpu.Shares is { } shares and not 0)
        {
            yield return new CgroupWrite("cpu.weight", CgroupValue.Of(Weight(shares)));
        }

        if (cpu.Quota is not (null or 0) || cpu.Period is not (null or 0))
        {
            var quota = cpu.Quota is > 0 and { } some ? CgroupValue.Of(some) : "max";
            yield return new CgroupWrite("cpu.max", cpu.Period is { } period and not 0 ? $"{quota} {CgroupValue.Of(period)}" : quota);
        }

        if (cpu.Burst is { } burst)
        {
            yield return new CgroupWrite("cpu.max.burst", CgroupValue.Of(burst));
        }

        // An idle group refuses a weight, so this comes last.
        if (cpu.Idle is { } idle)
        {
            yield return new CgroupWrite("cpu.idle", CgroupValue.Of(idle));
        }
    }

    /// <summary>Shares (2 to 262144, default 1024) as a weight (1 to 10000, default 100), as runc and crun convert since 2025.</summary>
    // A quadratic in log2(shares) that meets least, default and most; the older straight line made the default 1024 a weight of 39.
    // https://github.com/opencontainers/runc/pull/4785 and https://github.com/kubernetes/kubernetes/issues/131216
    public static ulong Weight(ulong shares)
    {
        switch (shares)
        {
            case <= 2:
                return 1;
            case >= 262144:
                return 10000;
            default:
                var log = Math.Log2(shares);
                return (ulong)Math.Ceiling(Math.Pow(10, ((log * log) + (125 * log)) / 612.0 - 7.0 / 34.0));
        }
    }
}
