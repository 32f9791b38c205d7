using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V2;

/// <summary>The cpuset controller; what is not set is inherited. https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset</summary>
internal static class CpusetController
{
    public static IEnumerable<CgroupWrite> Writes(LinuxCpu cpu)
    {
        if (!string.IsNullOrEmpty(cpu.Cpus))
        {
            yield return new CgroupWrite("cpuset.cpus", cpu.Cpus);
        }

        if (!string.IsNullOrEmpty(cpu.Mems))
        {
            yield return new CgroupWrite("cpuset.mems", cpu.Mems);
        }
    }
}
