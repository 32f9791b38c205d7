using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Devices;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The container's directories in the version 1 hierarchies: one for each mount that is needed.</summary>
internal static class V1Groups
{
    // Joined without a limit too: they count what the container uses, and can be limited later without moving processes.
    private static readonly string[] _always = ["memory", "cpu", "cpuacct", "pids", "devices"];

    // Where version 2 is mounted, its cgroup.freeze does the work and service managers track processes there.
    private static readonly string[] _withoutUnified = ["freezer", "name=systemd"];

    public static IEnumerable<CgroupDirectory> Directories(
        CgroupHierarchies hierarchies, string[] parts, LinuxResources resources, IEnumerable<string> requested, DeviceRules devices)
    {
        var controllers = _always
            .Concat(hierarchies.Unified is null ? _withoutUnified : [])
            .Concat(requested)
            .Distinct()
            .Where(hierarchies.V1.ContainsKey);

        // Controllers that are mounted together (cpu,cpuacct) share their directories.
        foreach (var mount in controllers.GroupBy(c => hierarchies.V1[c]))
        {
            string[] names = [.. mount];
            CgroupWrite[] parentWrites = names.Contains("cpuset") ? [.. CpusetController.ParentWrites(hierarchies)] : [];
            var directory = mount.Key;
            foreach (var part in parts[..^1])
            {
                directory = $"{directory}/{part}";
                yield return new CgroupDirectory(directory, Unified: false, CgroupRole.Parent, names, parentWrites);
            }

            CgroupWrite[] writes = [.. names.SelectMany(name => Writes(name, hierarchies, resources, devices))];
            yield return new CgroupDirectory($"{directory}/{parts[^1]}", Unified: false, CgroupRole.Container, names, writes);
        }
    }

    private static IEnumerable<CgroupWrite> Writes(
        string controller, CgroupHierarchies hierarchies, LinuxResources resources, DeviceRules devices) =>
        controller switch
        {
            "memory" when resources.Memory is { } memory => MemoryController.Writes(memory),
            "cpu" when resources.Cpu is { } cpu => CpuController.Writes(cpu),
            "cpuset" when resources.Cpu is { } cpu => CpusetController.Writes(cpu, hierarchies),
            "pids" when resources.Pids is { } pids => PidsController.Writes(pids),
            "devices" => DevicesController.Writes(devices),
            "blkio" when resources.BlockIo is { } io => BlkioController.Writes(io),
            "hugetlb" when resources.HugepageLimits is { } limits => HugetlbController.Writes(limits),
            "net_cls" or "net_prio" when resources.Network is { } network => NetworkControllers.Writes(controller, network),
            "rdma" when resources.Rdma is { } rdma => RdmaController.Writes(rdma),
            _ => [],
        };
}
