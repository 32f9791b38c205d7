using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V2;

/// <summary>The container's directory in the version 2 hierarchy, and the controllers to enable on the way to it.</summary>
internal static class V2Groups
{
    private static readonly string[] _always = ["memory", "cpu", "pids"];

    public static IEnumerable<CgroupDirectory> Directories(
        CgroupHierarchies hierarchies, string[] parts, LinuxResources resources, IEnumerable<string> requested)
    {
        if (hierarchies.Unified is not { } directory)
        {
            if (resources.Unified is { Count: > 0 })
            {
                throw new InvalidSettingException("linux.resources.unified", "cgroup version 2 is not mounted on this machine");
            }

            yield break;
        }

        string[] controllers =
        [
            .. _always
                .Concat(requested.Select(RequestedControllers.InVersion2))
                .Concat(UnifiedFiles.Controllers(resources, hierarchies))
                .Distinct()
                .Where(hierarchies.UnifiedControllers.Contains),
        ];

        // A controller counts in a group only when every group above enables it for its children. The root is not ours,
        // so nothing is written there that it says already.
        string[] missing = [.. controllers.Except(hierarchies.UnifiedEnabled)];
        if (missing.Length > 0)
        {
            yield return new CgroupDirectory(directory, Unified: true, CgroupRole.Root, controllers, [Enable(missing)]);
        }

        foreach (var part in parts[..^1])
        {
            directory = $"{directory}/{part}";
            CgroupWrite[] enable = controllers.Length > 0 ? [Enable(controllers)] : [];
            yield return new CgroupDirectory(directory, Unified: true, CgroupRole.Parent, controllers, enable);
        }

        CgroupWrite[] writes = [.. controllers.SelectMany(name => Writes(name, resources)), .. UnifiedFiles.Writes(resources)];
        yield return new CgroupDirectory($"{directory}/{parts[^1]}", Unified: true, CgroupRole.Container, controllers, writes);
    }

    private static CgroupWrite Enable(IEnumerable<string> controllers) =>
        new("cgroup.subtree_control", string.Join(' ', controllers.Select(c => $"+{c}")));

    private static IEnumerable<CgroupWrite> Writes(string controller, LinuxResources resources) => controller switch
    {
        "memory" when resources.Memory is { } memory => MemoryController.Writes(memory),
        "cpu" when resources.Cpu is { } cpu => CpuController.Writes(cpu),
        "cpuset" when resources.Cpu is { } cpu => CpusetController.Writes(cpu),
        "pids" when resources.Pids is { } pids => PidsController.Writes(pids),
        "io" when resources.BlockIo is { } io => IoController.Writes(io),
        "hugetlb" when resources.HugepageLimits is { } limits => HugetlbController.Writes(limits),
        "rdma" when resources.Rdma is { } rdma => RdmaController.Writes(rdma),
        _ => [],
    };
}
