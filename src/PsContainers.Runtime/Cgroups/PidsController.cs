using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups;

/// <summary>The pids controller, the same in both versions. https://docs.kernel.org/admin-guide/cgroup-v1/pids.html</summary>
internal static class PidsController
{
    public static IEnumerable<CgroupWrite> Writes(LinuxPids pids) => pids.Limit switch
    {
        null => [],
        < 0 => [new CgroupWrite("pids.max", "max")],
        // With no task at all allowed the container's first process could not start; runc writes one as well.
        0 => [new CgroupWrite("pids.max", "1")],
        { } limit => [new CgroupWrite("pids.max", CgroupValue.Of(limit))],
    };
}
