using System.Globalization;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Limits;

public sealed class LimitTests(TestHost host) : KernelTest(host)
{
    private const long Megabyte = 1 << 20;

    [Fact]
    public void Memory_over_the_limit_ends_the_container_and_is_told()
    {
        var container = Start("exec probe-grow 256", creation => creation with { Memory = 32 * Megabyte });

        var ended = Wait(container);

        Assert.Equal((137, true), (ended.ExitCode, ended.OutOfMemory));
        Assert.InRange(int.Parse(Log(container)[^1], CultureInfo.InvariantCulture), 8, 32);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Memory_under_the_limit_is_given()
    {
        var outcome = Run("probe-grow 20 | tail -n 1", creation => creation with { Memory = 64 * Megabyte });

        Assert.Equal("20", outcome.Text());
        Assert.False(outcome.Container.OutOfMemory);
    }

    [Fact]
    public void Process_killed_for_memory_is_told_though_the_first_process_goes_on()
    {
        var container = Start("probe-grow 256 > /dev/null; echo ended with $?", creation => creation with { Memory = 32 * Megabyte });

        var ended = Wait(container);

        Assert.Equal(["ended with 137"], Log(container, OutputStream.StandardOutput));
        Assert.Equal((0, true), (ended.ExitCode, ended.OutOfMemory));
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Memory_limit_is_seen_inside() => Assert.Equal(
        "67108864",
        Say(
            "cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes",
            creation => creation with { Memory = 64 * Megabyte }));

    [Fact]
    public void Processes_over_the_limit_are_refused()
    {
        // 40 at most, whatever the limit does.
        var outcome = Run(
            "for i in $(seq 40); do sleep 5 & done 2>&1; echo going on", creation => creation with { PidsLimit = 16 });
        var started = Run(
            "(for i in $(seq 40); do sleep 3 & done) 2>/dev/null; ls -d /proc/[0-9]* | wc -l",
            creation => creation with { PidsLimit = 16 });

        Assert.Contains("can't fork", string.Join('\n', outcome.Output.Concat(outcome.Error)), StringComparison.Ordinal);
        Assert.InRange(started.Output.Count > 0 ? int.Parse(started.Output[0], CultureInfo.InvariantCulture) : 0, 0, 16);
    }

    [Fact]
    public void Fork_bomb_is_bounded_and_can_be_stopped()
    {
        // Each process starts two more, eight generations deep: 511 processes if nothing bounds them.
        const string Bomb = "f() { [ $1 -gt 8 ] || { f $(($1 + 1)) & f $(($1 + 1)) & sleep 20; }; }; echo up; f 1; wait";
        var container = Start(Bomb, creation => creation with { PidsLimit = 32 });
        WaitForLine(container, "up");
        Thread.Sleep(500);

        Assert.InRange(CountProcesses(container), 8, 32);
        Assert.Equal(137, Services.StopContainer.Execute(container.Id, TimeSpan.Zero).ExitCode);
        Services.RemoveContainer.Execute(container.Id);
    }

    [Fact]
    public void Processor_time_over_the_quota_is_throttled()
    {
        var said = Say(
            "timeout 1 sh -c 'while :; do :; done'; cat /sys/fs/cgroup/cpu.stat 2>/dev/null || cat /sys/fs/cgroup/cpu/cpu.stat",
            creation => creation with { Cpus = 0.2 });

        var statistics = said.Split('\n')
            .Select(line => line.Split(' '))
            .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
        Assert.InRange(statistics["nr_throttled"], 3, long.MaxValue);
        if (statistics.TryGetValue("usage_usec", out var used))
        {
            Assert.InRange(used, 50_000, 700_000);
        }
    }

    [Fact]
    public void Processor_quota_is_written() => Assert.Equal(
        "50000 100000",
        Say(
            "cat /sys/fs/cgroup/cpu.max 2>/dev/null "
            + "|| echo $(cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu/cpu.cfs_period_us)",
            creation => creation with { Cpus = 0.5 }));

    [Theory]
    [InlineData(1024L, null, null)]
    [InlineData(-5L, null, null)]
    [InlineData(null, 0.0, null)]
    [InlineData(null, -1.0, null)]
    [InlineData(null, 1e9, null)]
    [InlineData(null, null, 0L)]
    public void Impossible_limit_is_refused(long? memory, double? cpus, long? pids)
    {
        var error = Assert.Throws<ContainerEngineException>(
            () => Run("true", creation => creation with { Memory = memory, Cpus = cpus, PidsLimit = pids }));

        Assert.Equal(("InvalidLimit", EngineErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
    }

    private static int CountProcesses(Container container)
    {
        var groups = IsUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids";
        return File.ReadLines($"{groups}/pscontainers/{container.Id}/cgroup.procs").Count();
    }
}
