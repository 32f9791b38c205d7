using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Tests.Cgroups;

public sealed class CgroupPlanV1Tests
{
    private const string Path = "/pscontainers/c1";

    [Fact]
    public void Without_limits_the_container_is_counted_and_can_be_killed_as_a_whole()
    {
        var plan = CgroupPlan.Build(Machine.Hybrid, Path, new LinuxResources());

        var joined = plan.Directories.Where(d => d.Role == CgroupRole.Container).Select(d => d.Path);
        Assert.Equal(
        [
            "/sys/fs/cgroup/memory/pscontainers/c1",
            "/sys/fs/cgroup/cpu/pscontainers/c1",
            "/sys/fs/cgroup/cpuacct/pscontainers/c1",
            "/sys/fs/cgroup/pids/pscontainers/c1",
            "/sys/fs/cgroup/devices/pscontainers/c1",
            "/sys/fs/cgroup/unified/pscontainers/c1",
        ], joined);
        Assert.Equal("/sys/fs/cgroup/unified/pscontainers/c1", plan.Unified?.Path);
        Assert.Null(plan.DeviceProgram);
    }

    [Fact]
    public void Every_parent_comes_before_its_child_and_is_not_written_to()
    {
        var plan = CgroupPlan.Build(Machine.Hybrid, "/a/b/c", new LinuxResources());

        var memory = plan.Directories.Where(d => d.Controllers.Contains("memory")).ToList();
        Assert.Equal(["/sys/fs/cgroup/memory/a", "/sys/fs/cgroup/memory/a/b", "/sys/fs/cgroup/memory/a/b/c"], memory.Select(d => d.Path));
        Assert.Equal([CgroupRole.Parent, CgroupRole.Parent, CgroupRole.Container], memory.Select(d => d.Role));
        Assert.DoesNotContain(plan.Directories, d => d.Role == CgroupRole.Parent && d.Writes.Count > 0);
        Assert.DoesNotContain(plan.Directories, d => d.Role == CgroupRole.Root);
    }

    [Fact]
    public void Memory_is_limited_before_memory_and_swap_together()
    {
        var writes = Writes("memory", new LinuxResources { Memory = new LinuxMemory { Limit = 1000, Swap = 2000, Reservation = 500 } });

        Assert.Equal(
        [
            new CgroupWrite("memory.limit_in_bytes", "1000"),
            new CgroupWrite("memory.memsw.limit_in_bytes", "2000", Optional: true),
            new CgroupWrite("memory.soft_limit_in_bytes", "500"),
        ], writes);
    }

    [Fact]
    public void A_limit_of_nought_is_never_written() =>
        Assert.Empty(Writes("memory", new LinuxResources { Memory = new LinuxMemory { Limit = 0, Swap = 0, Reservation = 0 } }));

    [Fact]
    public void Cpu_period_comes_before_quota_before_burst_and_idle_last()
    {
        var cpu = new LinuxCpu { Idle = 1, Burst = 100, Quota = 50_000, Period = 100_000, Shares = 512 };

        Assert.Equal(
        [
            new CgroupWrite("cpu.shares", "512"),
            new CgroupWrite("cpu.cfs_period_us", "100000"),
            new CgroupWrite("cpu.cfs_quota_us", "50000"),
            new CgroupWrite("cpu.cfs_burst_us", "100"),
            new CgroupWrite("cpu.idle", "1"),
        ], Writes("cpu", new LinuxResources { Cpu = cpu }));
    }

    [Theory]
    [InlineData(100L, "100")]
    [InlineData(0L, "1")]
    [InlineData(-1L, "max")]
    public void Pids_limit_is_written_to_pids_max(long limit, string written) =>
        Assert.Equal([new CgroupWrite("pids.max", written)], Writes("pids", new LinuxResources { Pids = new LinuxPids(limit) }));

    [Fact]
    public void Cpuset_is_filled_from_the_top_down_because_a_new_one_is_empty()
    {
        var plan = CgroupPlan.Build(Machine.Hybrid, Path, new LinuxResources { Cpu = new LinuxCpu { Cpus = "1" } });

        var cpuset = plan.Directories.Where(d => d.Controllers.Contains("cpuset")).ToList();
        Assert.Equal(
            [new CgroupWrite("cpuset.cpus", "0-3", OnlyWhenCreated: true), new CgroupWrite("cpuset.mems", "0", OnlyWhenCreated: true)],
            cpuset[0].Writes);
        Assert.Equal([new CgroupWrite("cpuset.cpus", "1"), new CgroupWrite("cpuset.mems", "0")], cpuset[1].Writes);
    }

    [Fact]
    public void Controllers_mounted_together_are_one_directory()
    {
        var resources = new LinuxResources { Cpu = new LinuxCpu { Shares = 2 } };

        var plan = CgroupPlan.Build(Machine.Legacy, Path, resources);

        var cpu = Assert.Single(plan.Directories, d => d.Path == "/sys/fs/cgroup/cpu,cpuacct/pscontainers/c1");
        Assert.Equal(["cpu", "cpuacct"], cpu.Controllers);
        Assert.Equal([new CgroupWrite("cpu.shares", "2")], cpu.Writes);
    }

    [Fact]
    public void Without_version_2_the_freezer_and_the_service_manager_hierarchy_are_joined()
    {
        var plan = CgroupPlan.Build(Machine.Legacy, Path, new LinuxResources());

        Assert.NotNull(plan.Find("freezer"));
        Assert.NotNull(plan.Find("name=systemd"));
        Assert.Null(plan.Unified);
    }

    [Fact]
    public void Devices_are_forbidden_and_then_allowed_one_by_one()
    {
        var writes = Writes("devices", new LinuxResources { Devices = [new LinuxDeviceCgroup { Allow = false, Access = "rwm" }] });

        Assert.Equal(new CgroupWrite("devices.deny", "a"), writes[0]);
        Assert.Contains(new CgroupWrite("devices.allow", "c 1:3 rwm"), writes);
        Assert.Contains(new CgroupWrite("devices.allow", "c 136:* rwm"), writes);
        Assert.Contains(new CgroupWrite("devices.allow", "b *:* m"), writes);
        Assert.DoesNotContain(writes, w => w.Value.StartsWith("c 10:200", StringComparison.Ordinal));
    }

    [Fact]
    public void A_privileged_container_inherits_all_devices() =>
        Assert.Empty(Writes("devices", new LinuxResources { Devices = [new LinuxDeviceCgroup { Allow = true, Access = "rwm" }] }));

    [Fact]
    public void Block_devices_are_throttled_one_line_each()
    {
        var io = new LinuxBlockIo { ThrottleReadBpsDevice = [new(8, 0, 1000), new(8, 16, 2000)], ThrottleWriteIopsDevice = [new(8, 0, 5)] };

        Assert.Equal(
        [
            new CgroupWrite("blkio.throttle.read_bps_device", "8:0 1000"),
            new CgroupWrite("blkio.throttle.read_bps_device", "8:16 2000"),
            new CgroupWrite("blkio.throttle.write_iops_device", "8:0 5"),
        ], Writes("blkio", new LinuxResources { BlockIo = io }));
    }

    public static TheoryData<string, LinuxResources> Refused => new()
    {
        { "linux.resources.memory.swap", new() { Memory = new() { Limit = 2000, Swap = 1000 } } },
        { "linux.resources.memory.swap", new() { Memory = new() { Swap = 1000 } } },
        { "linux.resources.memory.limit", new() { Memory = new() { Limit = -2 } } },
        { "linux.resources.memory.kernel", new() { Memory = new() { Kernel = 1000 } } },
        { "linux.resources.memory.swappiness", new() { Memory = new() { Swappiness = 101 } } },
        { "linux.resources.hugepageLimits", new() { HugepageLimits = [new("2MB", 1)] } },
        { "linux.resources.unified.memory.high", new() { Unified = new Dictionary<string, string> { ["memory.high"] = "1" } } },
        { "linux.resources.devices[0].type", new() { Devices = [new() { Allow = true, Type = "x" }] } },
        { "linux.resources.devices[0].access", new() { Devices = [new() { Allow = true, Access = "rx" }] } },
        { "linux.resources.blockIO.leafWeight", new() { BlockIo = new() { LeafWeight = 10 } } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_is_refused_by_the_name_of_its_member(string setting, LinuxResources resources) =>
        Assert.Equal(setting, Assert.Throws<InvalidSettingException>(() => CgroupPlan.Build(Machine.Hybrid, Path, resources)).Setting);

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("relative/path")]
    [InlineData("/pscontainers/../process_api")]
    [InlineData("/./x")]
    public void A_path_that_leaves_its_place_is_refused(string path) =>
        Assert.Throws<InvalidSettingException>(() => CgroupPlan.Build(Machine.Hybrid, path, null));

    private static IReadOnlyList<CgroupWrite> Writes(string controller, LinuxResources resources) =>
        CgroupPlan.Build(Machine.Hybrid, Path, resources).Find(controller)!.Writes;
}
