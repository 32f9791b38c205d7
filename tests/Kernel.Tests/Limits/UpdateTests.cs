using System.Globalization;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Limits;

public sealed class UpdateTests(TestHost host) : KernelTest(host)
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void Memory_limit_goes_up_and_down_with_what_belongs_to_it()
    {
        var container = Start("sleep 100", creation => creation with { Memory = 64 * Megabyte });

        Update(container, new ContainerUpdate { Memory = 256 * Megabyte });
        Assert.Equal((256 * Megabyte, 512 * Megabyte), MemoryOf(container));
        Update(container, new ContainerUpdate { Memory = 32 * Megabyte, MemorySwap = 40 * Megabyte });
        Assert.Equal((32 * Megabyte, 40 * Megabyte), MemoryOf(container));
        Update(container, new ContainerUpdate { Memory = 48 * Megabyte, MemorySwap = 48 * Megabyte });

        Assert.Equal((48 * Megabyte, 48 * Megabyte), MemoryOf(container));
        Assert.Equal(48 * Megabyte, Services.GetContainer.Execute(container.Id).Memory);
        Remove(container);
    }

    [Fact]
    public void Memory_limit_can_be_lifted()
    {
        var container = Start("sleep 100", creation => creation with { Memory = 64 * Megabyte });

        Update(container, new ContainerUpdate { Memory = -1 });

        Assert.True(MemoryOf(container).Memory > 1L << 60);
        Remove(container);
    }

    [Fact]
    public void Processor_and_process_limits_hold_at_once()
    {
        var container = Start("sleep 100");

        Update(container, new ContainerUpdate { Cpus = 0.25, CpuShares = 512, PidsLimit = 33 });

        Assert.Equal("33", Read(container, "pids", "pids.max", "pids.max"));
        Assert.Equal(IsUnified ? "25000 100000" : "25000", Read(container, "cpu", "cpu.cfs_quota_us", "cpu.max"));
        Assert.Equal(IsUnified ? "59" : "512", Read(container, "cpu", "cpu.shares", "cpu.weight"));
        Update(container, new ContainerUpdate { PidsLimit = -1 });
        Assert.Equal("max", Read(container, "pids", "pids.max", "pids.max"));
        Remove(container);
    }

    [Fact]
    public void Processors_to_run_on_are_seen_inside()
    {
        Assert.SkipWhen(Environment.ProcessorCount < 2, "needs two processors");
        Assert.Equal("Cpus_allowed_list:\t1", Say("grep Cpus_allowed_list /proc/self/status", creation => creation with { CpuSet = "1" }));
        var container = Start("sleep 100", creation => creation with { CpuSet = "1" });

        Update(container, new ContainerUpdate { CpuSet = "0" });

        Assert.Contains("Cpus_allowed_list:\t0", File.ReadLines($"/proc/{container.ProcessId}/status"));
        Remove(container);
    }

    [Fact]
    public void New_limits_hold_at_the_next_start()
    {
        var container = Start("cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null");
        Wait(container);

        Update(container, new ContainerUpdate { PidsLimit = 44 });
        Services.StartContainer.Execute(container.Id);
        Wait(container);

        Assert.Equal(["max", "44"], Log(container));
    }

    // Less memory than is in use, where nothing can be swapped out, comes after a limit that was taken.
    [Fact]
    public void Limit_that_the_kernel_refuses_takes_the_others_back()
    {
        var container = Start("dd if=/dev/zero of=/dev/shm/x bs=1M count=48 2>/dev/null; echo full; sleep 100", creation => creation with
        {
            Memory = 128 * Megabyte,
            MemorySwap = 128 * Megabyte,
            PidsLimit = 50,
            ShmSize = 64 * Megabyte,
        });
        WaitForLine(container, "full");

        var error = Assert.Throws<ContainerEngineException>(() => Update(
            container, new ContainerUpdate { Memory = 16 * Megabyte, MemorySwap = 16 * Megabyte, PidsLimit = 60, Cpus = 0.5 }));

        Assert.Equal(IsUnified ? "InvalidLimit" : "UpdateFailed", error.ErrorId);
        Assert.Equal((128 * Megabyte, 128 * Megabyte), MemoryOf(container));
        Assert.Equal("50", Read(container, "pids", "pids.max", "pids.max"));
        Assert.Equal(IsUnified ? "max 100000" : "-1", Read(container, "cpu", "cpu.cfs_quota_us", "cpu.max"));
        var stored = Services.GetContainer.Execute(container.Id);
        Assert.Equal((128 * Megabyte, 50), (stored.Memory, stored.PidsLimit));
        Remove(container);
    }

    [Fact]
    public void Impossible_limit_changes_nothing()
    {
        var container = Start("sleep 100", creation => creation with { Memory = 64 * Megabyte });

        foreach (var update in new ContainerUpdate[]
        {
            new() { Memory = 1024 },
            new() { MemorySwap = 10 * Megabyte },
            new() { PidsLimit = 10, Cpus = 1e6 },
            new() { CpuSet = "4000" },
        })
        {
            Assert.Equal("InvalidLimit", Assert.Throws<ContainerEngineException>(() => Update(container, update)).ErrorId);
        }

        Assert.Equal("InvalidArgument", Assert.Throws<ContainerEngineException>(() => Update(container, new ContainerUpdate())).ErrorId);
        Assert.Equal((64 * Megabyte, 128 * Megabyte), MemoryOf(container));
        Assert.Equal("max", Read(container, "pids", "pids.max", "pids.max"));
        Remove(container);
    }

    private void Update(Container container, ContainerUpdate update) => Services.UpdateContainer.Execute(container.Id, update);

    private void Remove(Container container) => Services.RemoveContainer.Execute(container.Id, force: true);

    private static (long Memory, long WithSwap) MemoryOf(Container container)
    {
        var memory = Number(Read(container, "memory", "memory.limit_in_bytes", "memory.max"));
        var swap = Number(Read(container, "memory", "memory.memsw.limit_in_bytes", "memory.swap.max"));
        return (memory, IsUnified ? memory + swap : swap);
    }

    private static long Number(string text) =>
        text == "max" ? long.MaxValue / 2 : long.Parse(text, CultureInfo.InvariantCulture);

    private static string Read(Container container, string controller, string version1, string version2) => File.ReadAllText(
        IsUnified
            ? $"/sys/fs/cgroup/pscontainers/{container.Id}/{version2}"
            : $"/sys/fs/cgroup/{controller}/pscontainers/{container.Id}/{version1}").Trim();
}
