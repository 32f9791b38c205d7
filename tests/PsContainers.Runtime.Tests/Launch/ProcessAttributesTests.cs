using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Tests.Launch;

public sealed class ProcessAttributesTests
{
    [Theory]
    [InlineData("SCHED_NICE", null, null, null, "process.scheduler.policy")]
    [InlineData("SCHED_OTHER", 20, null, null, "process.scheduler.nice")]
    [InlineData("SCHED_OTHER", -21, null, null, "process.scheduler.nice")]
    [InlineData("SCHED_OTHER", null, 1, null, "process.scheduler.priority")]
    [InlineData("SCHED_FIFO", null, null, null, "process.scheduler.priority")]
    [InlineData("SCHED_RR", null, 100, null, "process.scheduler.priority")]
    [InlineData("SCHED_OTHER", null, null, "SCHED_FLAG_NONSENSE", "process.scheduler.flags[0]")]
    public void Impossible_scheduler_is_named(string policy, int? nice, int? priority, string? flag, string setting) => AssertNames(
        setting,
        new LinuxScheduler { Policy = policy, Nice = nice, Priority = priority, Flags = flag is null ? null : [flag] });

    [Theory]
    [InlineData("SCHED_BATCH", 1ul, null, null, "process.scheduler.runtime")]
    [InlineData("SCHED_BATCH", null, 1ul, null, "process.scheduler.deadline")]
    [InlineData("SCHED_BATCH", null, null, 1ul, "process.scheduler.period")]
    [InlineData("SCHED_DEADLINE", null, 5ul, null, "process.scheduler.runtime")]
    [InlineData("SCHED_DEADLINE", 5ul, 4ul, null, "process.scheduler.deadline")]
    [InlineData("SCHED_DEADLINE", 5ul, 6ul, 5ul, "process.scheduler.period")]
    public void Impossible_deadline_is_named(string policy, ulong? runtime, ulong? deadline, ulong? period, string setting) => AssertNames(
        setting,
        new LinuxScheduler { Policy = policy, Runtime = runtime, Deadline = deadline, Period = period });

    [Fact]
    public void Scheduler_has_the_kernels_numbers() => Assert.Equal(
        new SetScheduler("SCHED_DEADLINE", 6, 0x3, 0, 0, 100_000, 200_000, 300_000),
        SchedulerSetting.Read(new LinuxScheduler
        {
            Policy = "SCHED_DEADLINE",
            Flags = ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM"],
            Runtime = 100_000,
            Deadline = 200_000,
            Period = 300_000,
        }));

    [Theory]
    [InlineData("IOPRIO_CLASS_NONE", 0, "process.ioPriority.class")]
    [InlineData("IOPRIO_CLASS_BE", 8, "process.ioPriority.priority")]
    [InlineData("IOPRIO_CLASS_BE", -1, "process.ioPriority.priority")]
    public void Impossible_io_priority_is_named(string name, int priority, string setting) => AssertNames(
        setting, process => process with { IoPriority = new LinuxIoPriority(name, priority) });

    [Theory]
    [InlineData("MPOL_NONSENSE", "0", null, "linux.memoryPolicy.mode")]
    [InlineData("MPOL_BIND", null, null, "linux.memoryPolicy.nodes")]
    [InlineData("MPOL_BIND", "", null, "linux.memoryPolicy.nodes")]
    [InlineData("MPOL_BIND", "0,,1", null, "linux.memoryPolicy.nodes")]
    [InlineData("MPOL_BIND", "1024", null, "linux.memoryPolicy.nodes")]
    [InlineData("MPOL_LOCAL", "0", null, "linux.memoryPolicy.nodes")]
    [InlineData("MPOL_DEFAULT", null, "MPOL_F_STATIC_NODES", "linux.memoryPolicy.flags")]
    [InlineData("MPOL_BIND", "0", "MPOL_F_NONSENSE", "linux.memoryPolicy.flags[0]")]
    [InlineData("MPOL_BIND", "0", "MPOL_F_STATIC_NODES MPOL_F_RELATIVE_NODES", "linux.memoryPolicy.flags")]
    [InlineData("MPOL_INTERLEAVE", "0", "MPOL_F_NUMA_BALANCING", "linux.memoryPolicy.flags")]
    public void Impossible_memory_policy_is_named(string mode, string? nodes, string? flags, string setting) => Assert.Equal(
        setting,
        Assert.Throws<InvalidSettingException>(() => MemoryPolicySetting.Read(
            new LinuxMemoryPolicy { Mode = mode, Nodes = nodes, Flags = flags?.Split(' ') })).Setting);

    [Fact]
    public void Memory_policy_is_a_mask_of_nodes()
    {
        var step = MemoryPolicySetting.Read(
            new LinuxMemoryPolicy { Mode = "MPOL_INTERLEAVE", Nodes = "0-2,65", Flags = ["MPOL_F_STATIC_NODES"] });

        Assert.Equal(0x8003u, step.Mode);
        Assert.Equal([7ul, 2ul], step.Nodes);
    }

    [Theory]
    [InlineData("BSD", null, "linux.personality.domain")]
    [InlineData("LINUX", "ADDR_NO_RANDOMIZE", "linux.personality.flags")]
    public void Impossible_personality_is_named(string domain, string? flag, string setting) => Assert.Equal(
        setting,
        Assert.Throws<InvalidSettingException>(() => ProcessAttributes.Build(
            Sample.Spec() with { Linux = new LinuxSpec { Personality = new(domain, flag is null ? null : [flag]) } },
            Sample.Process)).Setting);

    [Theory]
    [InlineData("RLIMIT_NONSENSE", 1, 1, "process.rlimits[1].type")]
    [InlineData("RLIMIT_CORE", 1, 1, "process.rlimits[1].type")]
    [InlineData("RLIMIT_NOFILE", 2, 1, "process.rlimits[1].soft")]
    public void Impossible_resource_limit_is_named(string type, ulong soft, ulong hard, string setting) => AssertNames(
        setting, process => process with { Rlimits = [new("RLIMIT_CORE", Hard: 0, Soft: 0), new(type, Hard: hard, Soft: soft)] });

    [Theory]
    [InlineData(1001)]
    [InlineData(-1001)]
    public void Impossible_score_is_named(int score) => AssertNames(
        "process.oomScoreAdj", process => process with { OomScoreAdj = score });

    private static void AssertNames(string setting, LinuxScheduler scheduler) =>
        AssertNames(setting, process => process with { Scheduler = scheduler });

    private static void AssertNames(string setting, Func<ProcessSpec, ProcessSpec> change)
    {
        var spec = Sample.Spec();

        Assert.Equal(setting, Sample.Refusal(spec with { Process = change(spec.Process!) }).Setting);
    }
}
