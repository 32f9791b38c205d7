using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Tests.Cgroups;

/// <summary>The three ways in which machines mount their control groups.</summary>
internal static class Machine
{
    private static readonly string[] _hybrid =
    [
        "23 1 254:0 / / rw,relatime - ext4 /dev/root rw",
        "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755",
        "32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu",
        "33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct",
        "34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset",
        "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
        "36 31 0:33 / /sys/fs/cgroup/devices rw,relatime - cgroup cgroup rw,devices",
        "38 31 0:35 / /sys/fs/cgroup/blkio rw,relatime - cgroup cgroup rw,blkio",
        "39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids",
        "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd",
        "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw",
    ];

    private static readonly string[] _legacy =
    [
        "32 31 0:29 / /sys/fs/cgroup/systemd rw,nosuid shared:5 - cgroup cgroup rw,xattr,name=systemd",
        "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:6 - cgroup cgroup rw,cpu,cpuacct",
        "34 31 0:31 / /sys/fs/cgroup/memory rw,nosuid shared:7 - cgroup cgroup rw,memory",
        "35 31 0:32 / /sys/fs/cgroup/freezer rw,nosuid shared:8 - cgroup cgroup rw,freezer",
        "36 31 0:33 / /sys/fs/cgroup/pids rw,nosuid shared:9 - cgroup cgroup rw,pids",
        "37 31 0:34 / /sys/fs/cgroup/devices rw,nosuid shared:10 - cgroup cgroup rw,devices",
    ];

    private static readonly string[] _unified =
        ["30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate"];

    public static CgroupHierarchies Hybrid { get; } = CgroupHierarchies.Parse(_hybrid, path => path switch
    {
        "/sys/fs/cgroup/cpuset/cpuset.cpus" => "0-3\n",
        "/sys/fs/cgroup/cpuset/cpuset.mems" => "0\n",
        "/sys/fs/cgroup/unified/cgroup.controllers" => "\n",
        _ => null,
    });

    public static CgroupHierarchies Legacy { get; } = CgroupHierarchies.Parse(_legacy, _ => null);

    public static CgroupHierarchies Unified { get; } = UnifiedWith("");

    public static CgroupHierarchies UnifiedWith(string enabled) => CgroupHierarchies.Parse(_unified, path => path switch
    {
        "/sys/fs/cgroup/cgroup.controllers" => "cpuset cpu io memory hugetlb pids rdma misc\n",
        "/sys/fs/cgroup/cgroup.subtree_control" => enabled + "\n",
        _ => null,
    });
}
