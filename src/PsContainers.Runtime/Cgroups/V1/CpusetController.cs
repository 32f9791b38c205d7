using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The cpuset controller. https://docs.kernel.org/admin-guide/cgroup-v1/cpusets.html</summary>
internal static class CpusetController
{
    // A new cpuset is empty, and an empty one refuses both children with CPUs and processes: fill from the top down.
    public static IEnumerable<CgroupWrite> ParentWrites(CgroupHierarchies hierarchies) =>
    [
        new("cpuset.cpus", hierarchies.CpusetCpus, OnlyWhenCreated: true),
        new("cpuset.mems", hierarchies.CpusetMems, OnlyWhenCreated: true),
    ];

    public static IEnumerable<CgroupWrite> Writes(LinuxCpu cpu, CgroupHierarchies hierarchies) =>
    [
        new("cpuset.cpus", string.IsNullOrEmpty(cpu.Cpus) ? hierarchies.CpusetCpus : cpu.Cpus),
        new("cpuset.mems", string.IsNullOrEmpty(cpu.Mems) ? hierarchies.CpusetMems : cpu.Mems),
    ];
}
