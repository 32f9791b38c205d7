using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Tests.Cgroups;

public sealed class CgroupHierarchiesTests
{
    [Fact]
    public void Hybrid_has_controllers_in_version_1_and_an_empty_version_2()
    {
        Assert.False(Machine.Hybrid.IsUnified);
        Assert.Equal("/sys/fs/cgroup/memory", Machine.Hybrid.V1["memory"]);
        Assert.Equal("/sys/fs/cgroup/unified", Machine.Hybrid.Unified);
        Assert.Empty(Machine.Hybrid.UnifiedControllers);
        Assert.Equal("0-3", Machine.Hybrid.CpusetCpus);
        Assert.False(Machine.Hybrid.V1.ContainsKey("hugetlb"));
    }

    [Fact]
    public void Controllers_mounted_together_share_a_mount_point()
    {
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", Machine.Legacy.V1["cpu"]);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", Machine.Legacy.V1["cpuacct"]);
        Assert.Null(Machine.Legacy.Unified);
    }

    [Fact]
    public void Pure_version_2_lists_what_it_can_and_what_is_enabled()
    {
        var unified = Machine.UnifiedWith("cpu pids");

        Assert.True(unified.IsUnified);
        Assert.Contains("memory", unified.UnifiedControllers);
        Assert.Equal(["cpu", "pids"], unified.UnifiedEnabled);
    }

    [Fact]
    public void The_whole_writable_mount_is_preferred_to_a_part_of_it()
    {
        var hierarchies = CgroupHierarchies.Parse(
        [
            "50 23 0:32 /docker/abc /containers/a/sys/fs/cgroup/memory ro,relatime - cgroup cgroup rw,memory",
            "51 23 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
            "52 23 0:32 / /mnt/readonly ro,relatime - cgroup cgroup rw,memory",
        ], _ => null);

        Assert.Equal("/sys/fs/cgroup/memory", hierarchies.V1["memory"]);
    }

    [Fact]
    public void This_machine_has_some_hierarchy()
    {
        var own = CgroupHierarchies.OfSelf();

        Assert.True(own.Unified is not null || own.V1.Count > 0);
        Assert.All(own.V1.Values, mount => Assert.True(Directory.Exists(mount)));
    }
}
