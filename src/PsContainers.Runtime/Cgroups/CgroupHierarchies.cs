using PsContainers.Linux;

namespace PsContainers.Runtime.Cgroups;

/// <summary>Where this machine's control group hierarchies are mounted: version 1, version 2, or both (hybrid).</summary>
public sealed record CgroupHierarchies
{
    // Named hierarchies such as name=systemd hold no controller, but service managers track processes by them.
    private static readonly HashSet<string> _knownV1 =
    [
        "blkio", "cpu", "cpuacct", "cpuset", "devices", "freezer", "hugetlb", "memory", "misc", "net_cls", "net_prio", "perf_event",
        "pids", "rdma", "name=systemd",
    ];

    /// <summary>Mount points of version 1 by controller; controllers mounted together share one.</summary>
    public required IReadOnlyDictionary<string, string> V1 { get; init; }

    /// <summary>The mount point of version 2, if it is mounted.</summary>
    public string? Unified { get; init; }

    /// <summary>Controllers that the version 2 hierarchy can give; none where version 1 holds them all.</summary>
    public IReadOnlyList<string> UnifiedControllers { get; init; } = [];

    /// <summary>Controllers already enabled for the children of the version 2 mount.</summary>
    public IReadOnlyList<string> UnifiedEnabled { get; init; } = [];

    /// <summary>CPUs at the top of the version 1 cpuset hierarchy: an empty set there refuses every process.</summary>
    public string CpusetCpus { get; init; } = "";

    public string CpusetMems { get; init; } = "";

    /// <summary>Version 2 alone: no version 1 controller is mounted.</summary>
    public bool IsUnified => Unified is not null && V1.Keys.All(c => c.StartsWith("name=", StringComparison.Ordinal));

    public static CgroupHierarchies OfSelf() =>
        Parse(File.ReadLines("/proc/self/mountinfo"), path => File.Exists(path) ? File.ReadAllText(path) : null);

    /// <summary>Reads mountinfo lines; <paramref name="readFile"/> gives the text of a cgroup file, or null when it is absent.</summary>
    public static CgroupHierarchies Parse(IEnumerable<string> mountInfo, Func<string, string?> readFile)
    {
        var v1 = new Dictionary<string, MountInfo>();
        MountInfo? unified = null;
        foreach (var mount in MountInfo.Parse(mountInfo.Where(line => line.Contains(" - cgroup", StringComparison.Ordinal))))
        {
            if (mount.FileSystem == "cgroup2")
            {
                unified = Better(unified, mount);
            }
            else
            {
                foreach (var controller in mount.SuperOptions.Split(',').Where(_knownV1.Contains))
                {
                    v1[controller] = Better(v1.GetValueOrDefault(controller), mount);
                }
            }
        }

        var cpuset = v1.GetValueOrDefault("cpuset")?.MountPoint;
        return new CgroupHierarchies
        {
            V1 = v1.ToDictionary(entry => entry.Key, entry => entry.Value.MountPoint),
            Unified = unified?.MountPoint,
            UnifiedControllers = Words(unified, "cgroup.controllers"),
            UnifiedEnabled = Words(unified, "cgroup.subtree_control"),
            CpusetCpus = cpuset is null ? "" : readFile($"{cpuset}/cpuset.cpus")?.Trim() ?? "",
            CpusetMems = cpuset is null ? "" : readFile($"{cpuset}/cpuset.mems")?.Trim() ?? "",
        };

        IReadOnlyList<string> Words(MountInfo? mount, string file) =>
            mount is null ? [] : readFile($"{mount.MountPoint}/{file}")?.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    // A hierarchy may be mounted more than once, for instance a part of it for a container: the whole, writable one is wanted.
    private static MountInfo Better(MountInfo? known, MountInfo mount) =>
        known is null || Rank(mount) > Rank(known) ? mount : known;

    private static int Rank(MountInfo mount) =>
        (mount.Root == "/" ? 2 : 0) + (mount.Options.StartsWith("rw", StringComparison.Ordinal) ? 1 : 0);
}
