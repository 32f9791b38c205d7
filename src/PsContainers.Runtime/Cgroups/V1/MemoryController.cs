using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The memory controller. https://docs.kernel.org/admin-guide/cgroup-v1/memory.html</summary>
internal static class MemoryController
{
    public static IEnumerable<CgroupWrite> Writes(LinuxMemory memory)
    {
        MemorySettings.Check(memory);

        // A new group is unlimited, and memory may never exceed memory plus swap: so memory goes first.
        if (memory.Limit is { } limit and not 0)
        {
            yield return new CgroupWrite("memory.limit_in_bytes", CgroupValue.Of(limit));
        }

        // The file is missing where swap isn't accounted (swapaccount=0, or a kernel without swap).
        if (memory.Swap is { } swap and not 0)
        {
            yield return new CgroupWrite("memory.memsw.limit_in_bytes", CgroupValue.Of(swap), Optional: true);
        }

        if (memory.Reservation is { } reservation and not 0)
        {
            yield return new CgroupWrite("memory.soft_limit_in_bytes", CgroupValue.Of(reservation));
        }

        if (memory.KernelTcp is { } kernelTcp and not 0)
        {
            yield return new CgroupWrite("memory.kmem.tcp.limit_in_bytes", CgroupValue.Of(kernelTcp));
        }

        if (memory.Swappiness is { } swappiness)
        {
            yield return new CgroupWrite("memory.swappiness", CgroupValue.Of(swappiness));
        }

        if (memory.DisableOomKiller is true)
        {
            yield return new CgroupWrite("memory.oom_control", "1");
        }
    }
}
