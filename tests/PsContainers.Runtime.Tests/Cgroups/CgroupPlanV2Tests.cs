using System.Globalization;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Tests.Cgroups;

public sealed class CgroupPlanV2Tests
{
    private const string Path = "/pscontainers/c1";

    [Fact]
    public void Controllers_are_enabled_at_each_level_above_the_container()
    {
        var plan = CgroupPlan.Build(Machine.Unified, Path, new LinuxResources());

        Assert.Collection(
            plan.Directories,
            root =>
            {
                Assert.Equal(("/sys/fs/cgroup", CgroupRole.Root), (root.Path, root.Role));
                Assert.Equal([new CgroupWrite("cgroup.subtree_control", "+memory +cpu +pids")], root.Writes);
            },
            parent =>
            {
                Assert.Equal(("/sys/fs/cgroup/pscontainers", CgroupRole.Parent), (parent.Path, parent.Role));
                Assert.Equal([new CgroupWrite("cgroup.subtree_control", "+memory +cpu +pids")], parent.Writes);
            },
            own =>
            {
                Assert.Equal(("/sys/fs/cgroup/pscontainers/c1", CgroupRole.Container), (own.Path, own.Role));
                Assert.Empty(own.Writes);
            });
    }

    [Fact]
    public void The_root_is_left_alone_when_nothing_is_missing_there()
    {
        var plan = CgroupPlan.Build(Machine.UnifiedWith("cpuset cpu io memory pids"), Path, new LinuxResources());

        Assert.DoesNotContain(plan.Directories, d => d.Role == CgroupRole.Root);
    }

    [Fact]
    public void Only_what_is_missing_is_enabled_in_the_root()
    {
        var plan = CgroupPlan.Build(Machine.UnifiedWith("cpu pids"), Path, new LinuxResources { Cpu = new LinuxCpu { Cpus = "0" } });

        Assert.Equal("+memory +cpuset", Assert.Single(plan.Directories[0].Writes).Value);
    }

    [Fact]
    public void Devices_are_ruled_by_a_program()
    {
        Assert.NotNull(CgroupPlan.Build(Machine.Unified, Path, new LinuxResources()).DeviceProgram);

        var privileged = new LinuxResources { Devices = [new LinuxDeviceCgroup { Allow = true, Access = "rwm" }] };
        Assert.Null(CgroupPlan.Build(Machine.Unified, Path, privileged).DeviceProgram);
    }

    [Theory]
    [InlineData(1000L, 3000L, "1000", "2000")]
    [InlineData(1000L, 1000L, "1000", "0")]
    [InlineData(1000L, -1L, "1000", "max")]
    [InlineData(-1L, null, "max", "max")]
    [InlineData(1000L, null, "1000", null)]
    public void Swap_is_what_memory_leaves_of_the_two_together(long limit, long? swap, string max, string? swapMax)
    {
        var writes = Writes(new LinuxResources { Memory = new LinuxMemory { Limit = limit, Swap = swap } });

        Assert.Equal(max, Assert.Single(writes, w => w.File == "memory.max").Value);
        Assert.Equal(swapMax, writes.SingleOrDefault(w => w.File == "memory.swap.max")?.Value);
    }

    // The values are those of https://github.com/opencontainers/runc/pull/4785: least, default and most meet.
    [Theory]
    [InlineData(1UL, "1")]
    [InlineData(2UL, "1")]
    [InlineData(1024UL, "100")]
    [InlineData(262144UL, "10000")]
    [InlineData(1000000UL, "10000")]
    public void Shares_become_a_weight(ulong shares, string weight) =>
        Assert.Equal([new CgroupWrite("cpu.weight", weight)], Writes(new LinuxResources { Cpu = new LinuxCpu { Shares = shares } }));

    [Fact]
    public void More_shares_never_mean_less_weight()
    {
        var weights = Enumerable.Range(1, 18)
            .Select(power => Writes(new LinuxResources { Cpu = new LinuxCpu { Shares = 1UL << power } })[0].Value)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture));

        Assert.Equal(weights.Order(), weights);
        Assert.All(weights, weight => Assert.InRange(weight, 1, 10000));
    }

    [Theory]
    [InlineData(50000L, 100000UL, "50000 100000")]
    [InlineData(-1L, 100000UL, "max 100000")]
    [InlineData(50000L, null, "50000")]
    [InlineData(null, 50000UL, "max 50000")]
    public void Quota_and_period_are_one_write(long? quota, ulong? period, string written)
    {
        var resources = new LinuxResources { Cpu = new LinuxCpu { Quota = quota, Period = period } };

        Assert.Equal([new CgroupWrite("cpu.max", written)], Writes(resources));
    }

    [Fact]
    public void Unified_files_are_written_last_and_enable_their_controller()
    {
        var resources = new LinuxResources
        {
            Pids = new LinuxPids(10),
            Unified = new Dictionary<string, string> { ["io.max"] = "8:0 rbps=1", ["cgroup.max.depth"] = "1" },
        };

        var plan = CgroupPlan.Build(Machine.Unified, Path, resources);

        Assert.Contains("+io", plan.Directories[1].Writes[0].Value, StringComparison.Ordinal);
        Assert.Equal(["pids.max", "io.max", "cgroup.max.depth"], plan.Unified!.Writes.Select(w => w.File));
    }

    [Fact]
    public void Block_devices_are_throttled_by_io_max()
    {
        var io = new LinuxBlockIo { Weight = 1000, ThrottleReadBpsDevice = [new(8, 0, 0)], ThrottleWriteIopsDevice = [new(8, 16, 20)] };

        Assert.Equal(
        [
            new CgroupWrite("io.weight", "10000"),
            new CgroupWrite("io.max", "8:0 rbps=max"),
            new CgroupWrite("io.max", "8:16 wiops=20"),
        ], Writes(new LinuxResources { BlockIo = io }));
    }

    [Fact]
    public void Huge_pages_are_limited_with_their_reservations()
    {
        Assert.Equal(
        [
            new CgroupWrite("hugetlb.2MB.max", "4096"),
            new CgroupWrite("hugetlb.2MB.rsvd.max", "4096", Optional: true),
        ], Writes(new LinuxResources { HugepageLimits = [new("2MB", 4096)] }));
    }

    public static TheoryData<string, LinuxResources> Refused => new()
    {
        { "linux.resources.unified.cgroup.procs", Unified("cgroup.procs") },
        { "linux.resources.unified.cgroup.subtree_control", Unified("cgroup.subtree_control") },
        { "linux.resources.unified.memory.high/../../memory.max", Unified("memory.high/../../memory.max") },
        { "linux.resources.unified.nonsense", Unified("nonsense") },
        { "linux.resources.unified.perf_event.x", Unified("perf_event.x") },
        { "linux.resources.memory.swappiness", new() { Memory = new() { Swappiness = 1 } } },
        { "linux.resources.memory.disableOOMKiller", new() { Memory = new() { DisableOomKiller = true } } },
        { "linux.resources.memory.kernelTCP", new() { Memory = new() { KernelTcp = 1000 } } },
        { "linux.resources.cpu.realtimeRuntime", new() { Cpu = new() { RealtimeRuntime = 1 } } },
        { "linux.resources.network.classID", new() { Network = new() { ClassId = 1 } } },
        { "linux.resources.hugepageLimits.pageSize", new() { HugepageLimits = [new("../2MB", 1)] } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_is_refused_by_the_name_of_its_member(string setting, LinuxResources resources) =>
        Assert.Equal(setting, Assert.Throws<InvalidSettingException>(() => CgroupPlan.Build(Machine.Unified, Path, resources)).Setting);

    private static LinuxResources Unified(string file) => new() { Unified = new Dictionary<string, string> { [file] = "1" } };

    private static IReadOnlyList<CgroupWrite> Writes(LinuxResources resources) =>
        CgroupPlan.Build(Machine.Unified, Path, resources).Unified!.Writes;
}
