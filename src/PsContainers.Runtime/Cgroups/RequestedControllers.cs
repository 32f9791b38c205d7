using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups;

/// <summary>The controllers that the given limits cannot do without, each with the setting that asks for it.</summary>
internal static class RequestedControllers
{
    // Names are those of version 1, which tells more of them apart.
    public static IReadOnlyDictionary<string, string> Of(LinuxResources resources)
    {
        var requested = new Dictionary<string, string>();
        Add("memory", "memory", resources.Memory is { } m && m != new LinuxMemory());
        Add("cpu", "cpu", resources.Cpu is { } c && c with { Cpus = null, Mems = null } != new LinuxCpu());
        Add("cpuset", "cpu.cpus", !string.IsNullOrEmpty(resources.Cpu?.Cpus));
        Add("cpuset", "cpu.mems", !string.IsNullOrEmpty(resources.Cpu?.Mems));
        Add("pids", "pids.limit", resources.Pids?.Limit is not null);
        Add("blkio", "blockIO", resources.BlockIo is { } io && io != new LinuxBlockIo());
        Add("hugetlb", "hugepageLimits", resources.HugepageLimits is { Count: > 0 });
        Add("net_cls", "network.classID", resources.Network?.ClassId is not null);
        Add("net_prio", "network.priorities", resources.Network?.Priorities is { Count: > 0 });
        Add("rdma", "rdma", resources.Rdma is { Count: > 0 });
        return requested;

        void Add(string controller, string setting, bool asked)
        {
            if (asked)
            {
                requested.TryAdd(controller, $"linux.resources.{setting}");
            }
        }
    }

    public static string InVersion2(string controller) => controller switch
    {
        "blkio" => "io",
        "cpuacct" => "cpu",
        _ => controller,
    };
}
