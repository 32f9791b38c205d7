using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups;

/// <summary>What no kernel can fulfill among the memory settings, whatever its cgroup version.</summary>
internal static class MemorySettings
{
    private const string Prefix = "linux.resources.memory";

    public static void Check(LinuxMemory memory)
    {
        Check($"{Prefix}.limit", memory.Limit);
        Check($"{Prefix}.swap", memory.Swap);
        Check($"{Prefix}.reservation", memory.Reservation);

        if (memory is { Swap: > 0, Limit: null or 0 })
        {
            throw new InvalidSettingException($"{Prefix}.swap", "memory and swap together cannot be limited without a memory limit");
        }

        if (memory is { Swap: > 0, Limit: > 0 } && memory.Swap < memory.Limit)
        {
            throw new InvalidSettingException(
                $"{Prefix}.swap", $"{memory.Swap} is for memory and swap together, and below the memory limit {memory.Limit}");
        }

        // Linux 5.4 deprecated kernel memory limits and 6.1 ignores them (memory.kmem.limit_in_bytes).
        if (memory.Kernel is not (null or 0 or -1))
        {
            throw new InvalidSettingException($"{Prefix}.kernel", "Linux no longer limits kernel memory by itself");
        }

        if (memory.Swappiness is > 100)
        {
            throw new InvalidSettingException($"{Prefix}.swappiness", $"{memory.Swappiness} is above 100");
        }
    }

    private static void Check(string setting, long? bytes)
    {
        if (bytes < -1)
        {
            throw new InvalidSettingException(setting, $"{bytes} is below -1, which means no limit");
        }
    }
}
