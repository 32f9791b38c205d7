using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Tests.Cgroups;

public sealed class ResourceLimitsTests
{
    private const long Mebibyte = 1024 * 1024;

    private static readonly CpuList _fourCpus = CpuList.Parse("0-3");

    public static TheoryData<string, ResourceLimits> Impossible => new()
    {
        { "Memory", new() { Memory = (6 * Mebibyte) - 1 } },
        { "Memory", new() { Memory = 0 } },
        { "Memory", new() { Memory = -2 } },
        { "Memory", new() { Memory = long.MaxValue } },
        { "MemorySwap", new() { MemorySwap = 100 * Mebibyte } },
        { "MemorySwap", new() { Memory = 100 * Mebibyte, MemorySwap = 99 * Mebibyte } },
        { "MemoryReservation", new() { Memory = 100 * Mebibyte, MemoryReservation = 101 * Mebibyte } },
        { "MemoryReservation", new() { MemoryReservation = 1 } },
        { "Cpus", new() { Cpus = 4.01 } },
        { "Cpus", new() { Cpus = 0 } },
        { "Cpus", new() { Cpus = -1 } },
        { "Cpus", new() { Cpus = double.NaN } },
        { "Cpus", new() { Cpus = 0.001 } },
        { "CpuShares", new() { CpuShares = 1 } },
        { "CpuSet", new() { CpuSet = "0-4" } },
        { "CpuSet", new() { CpuSet = "3-0" } },
        { "CpuSet", new() { CpuSet = "a" } },
        { "CpuSet", new() { CpuSet = "" } },
        { "CpusetMems", new() { CpusetMems = "0,," } },
        { "PidsLimit", new() { PidsLimit = -2 } },
        { "PidsLimit", new() { PidsLimit = 0 } },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void An_impossible_limit_is_refused_by_name(string name, ResourceLimits limits) =>
        Assert.Equal(name, Assert.Throws<InvalidSettingException>(() => limits.Check(_fourCpus)).Setting);

    [Fact]
    public void Sensible_limits_pass() => new ResourceLimits
    {
        Memory = 6 * Mebibyte,
        MemorySwap = -1,
        MemoryReservation = 6 * Mebibyte,
        Cpus = 4,
        CpuShares = 1024,
        CpuSet = "0,2-3",
        CpusetMems = "0",
        PidsLimit = -1,
    }.Check(_fourCpus);

    [Fact]
    public void The_message_names_limit_and_cause() => Assert.Equal(
        "Cpus: 8 is more than this machine has: 4 CPUs",
        Assert.Throws<InvalidSettingException>(() => new ResourceLimits { Cpus = 8 }.Check(_fourCpus)).Message);

    [Fact]
    public void Swap_that_is_not_asked_for_makes_twice_the_memory() =>
        Assert.Equal(200 * Mebibyte, new ResourceLimits { Memory = 100 * Mebibyte }.ToLinuxResources().Memory?.Swap);

    [Fact]
    public void Cpus_become_a_quota_of_a_tenth_of_a_second()
    {
        var cpu = new ResourceLimits { Cpus = 1.5 }.ToLinuxResources().Cpu;

        Assert.Equal((150_000L, 100_000UL), (cpu?.Quota, cpu?.Period));
    }

    [Fact]
    public void Nothing_asked_for_limits_nothing()
    {
        var resources = new ResourceLimits().ToLinuxResources();

        Assert.Null(resources.Memory);
        Assert.Null(resources.Cpu);
        Assert.Null(resources.Pids);
    }
}
