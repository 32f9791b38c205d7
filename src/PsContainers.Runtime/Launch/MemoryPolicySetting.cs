using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Launch;

/// <summary>linux.memoryPolicy in the numbers of set_mempolicy(2).</summary>
internal static class MemoryPolicySetting
{
    private const int LargestNode = 1023; // NODES_SHIFT is 10 at most

    // linux/mempolicy.h
    private static readonly Dictionary<string, uint> _modes = new()
    {
        ["MPOL_DEFAULT"] = 0,
        ["MPOL_PREFERRED"] = 1,
        ["MPOL_BIND"] = 2,
        ["MPOL_INTERLEAVE"] = 3,
        ["MPOL_LOCAL"] = 4,
        ["MPOL_PREFERRED_MANY"] = 5,
        ["MPOL_WEIGHTED_INTERLEAVE"] = 6,
    };

    private static readonly Dictionary<string, uint> _flags = new()
    {
        ["MPOL_F_NUMA_BALANCING"] = 1 << 13,
        ["MPOL_F_RELATIVE_NODES"] = 1 << 14,
        ["MPOL_F_STATIC_NODES"] = 1 << 15,
    };

    internal static SetMemoryPolicy Read(LinuxMemoryPolicy policy)
    {
        var mode = SettingNames.Number(_modes, policy.Mode, "linux.memoryPolicy.mode");
        var flags = SettingNames.Bits(_flags, policy.Flags, "linux.memoryPolicy.flags");
        var nodes = Nodes(policy.Nodes);
        Refuse(
            nodes.Length == 0 && policy.Mode is not ("MPOL_DEFAULT" or "MPOL_LOCAL" or "MPOL_PREFERRED"),
            "nodes",
            $"{policy.Mode} needs at least one");
        Refuse(nodes.Length > 0 && policy.Mode is ("MPOL_DEFAULT" or "MPOL_LOCAL"), "nodes", $"{policy.Mode} takes none");
        Refuse(flags != 0 && policy.Mode is ("MPOL_DEFAULT" or "MPOL_LOCAL"), "flags", $"{policy.Mode} takes none");
        Refuse(
            (flags & 0xc000) == 0xc000, "flags", "MPOL_F_RELATIVE_NODES and MPOL_F_STATIC_NODES exclude each other");
        Refuse(
            (flags & 0x2000) != 0 && policy.Mode is not ("MPOL_BIND" or "MPOL_PREFERRED_MANY"),
            "flags",
            $"MPOL_F_NUMA_BALANCING goes with MPOL_BIND and MPOL_PREFERRED_MANY, not with {policy.Mode}");
        return new SetMemoryPolicy(policy.Mode, mode | flags, nodes);
    }

    private static ulong[] Nodes(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        var list = CpuList.TryParse(text)
            ?? throw new InvalidSettingException("linux.memoryPolicy.nodes", $"'{text}' is not a list such as 0-3,7");
        Refuse(list.Largest > LargestNode, "nodes", $"{list.Largest} is above {LargestNode}, the last node that Linux can be built for");
        var mask = new ulong[(list.Largest / 64) + 1];
        foreach (var node in list.Members)
        {
            mask[node / 64] |= 1UL << (node % 64);
        }

        return mask;
    }

    private static void Refuse(bool isWrong, string member, string cause)
    {
        if (isWrong)
        {
            throw new InvalidSettingException($"linux.memoryPolicy.{member}", cause);
        }
    }
}
