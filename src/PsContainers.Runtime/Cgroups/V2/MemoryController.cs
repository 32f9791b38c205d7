using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V2;

/// <summary>The memory controller. https://docs.kernel.org/admin-guide/cgroup-v2.html#memory</summary>
internal static class MemoryController
{
    private const string Prefix = "linux.resources.memory";

    public static IEnumerable<CgroupWrite> Writes(LinuxMemory memory)
    {
        MemorySettings.Check(memory);
        Refuse(memory.Swappiness is not null, $"{Prefix}.swappiness");
        Refuse(memory.DisableOomKiller is true, $"{Prefix}.disableOOMKiller");
        Refuse(memory.KernelTcp is not (null or 0 or -1), $"{Prefix}.kernelTCP");

        if (memory.Limit is { } limit and not 0)
        {
            yield return new CgroupWrite("memory.max", CgroupValue.OrMax(limit));
        }

        // The file is missing in a kernel without swap; there is then nothing to limit.
        if (SwapAlone(memory) is { } swap)
        {
            yield return new CgroupWrite("memory.swap.max", CgroupValue.OrMax(swap), Optional: true);
        }

        if (memory.Reservation is { } reservation and not 0)
        {
            yield return new CgroupWrite("memory.low", CgroupValue.OrMax(reservation));
        }
    }

    // config.json counts memory and swap together as version 1 does, version 2 counts swap alone.
    private static long? SwapAlone(LinuxMemory memory) => memory switch
    {
        { Limit: -1, Swap: null or 0 } => -1,
        { Swap: null or 0 } => null,
        { Swap: -1 } => -1,
        { Limit: > 0 } => memory.Swap - memory.Limit,
        _ => memory.Swap,
    };

    private static void Refuse(bool asked, string setting)
    {
        if (asked)
        {
            throw new InvalidSettingException(setting, "cgroup version 2 has no such setting");
        }
    }
}
