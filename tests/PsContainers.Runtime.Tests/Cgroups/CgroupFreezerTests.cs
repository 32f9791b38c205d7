using System.Diagnostics;
using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Tests.Cgroups;

public sealed class CgroupFreezerTests
{
    [Fact]
    public void Version_2_freezes_where_both_are_mounted() => Assert.Equal(
        "/sys/fs/cgroup/unified/pscontainers/c1/cgroup.freeze",
        CgroupFreezer.Of(CgroupPlan.Build(Machine.Hybrid, "/pscontainers/c1", null))?.StateFile);

    [Fact]
    public void Version_1_has_a_controller_for_it() => Assert.Equal(
        "/sys/fs/cgroup/freezer/pscontainers/c1/freezer.state",
        CgroupFreezer.Of(CgroupPlan.Build(Machine.Legacy, "/pscontainers/c1", null))?.StateFile);

    [Fact]
    public void A_group_that_is_gone_is_not_frozen_and_can_be_thawed()
    {
        foreach (var file in new[] { "/sys/fs/cgroup/nowhere/cgroup.freeze", "/sys/fs/cgroup/nowhere/freezer.state" })
        {
            var freezer = CgroupFreezer.OfStateFile(file);

            Assert.Equal((file, false), (freezer.StateFile, freezer.IsFrozen));
            freezer.Thaw();
            Assert.Throws<DirectoryNotFoundException>(() => freezer.TryFreeze(TimeSpan.FromSeconds(1)));
        }
    }

    // A real process in a real group, of whichever hierarchies this machine has.
    [Theory]
    [InlineData("/sys/fs/cgroup/freezer", "freezer.state")]
    [InlineData("/sys/fs/cgroup/unified", "cgroup.freeze")]
    [InlineData("/sys/fs/cgroup", "cgroup.freeze")]
    public void A_process_stands_still_between_freezing_and_thawing(string mount, string file)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && File.Exists($"{mount}/cgroup.procs"), $"needs root and {mount}");
        var group = Directory.CreateDirectory($"{mount}/psc-freezer-{Environment.ProcessId}").FullName;
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "while :; do :; done"]))!;
        try
        {
            File.WriteAllText($"{group}/cgroup.procs", $"{process.Id}");
            var freezer = CgroupFreezer.OfStateFile($"{group}/{file}");
            Assert.False(freezer.IsFrozen);

            Assert.True(freezer.TryFreeze(TimeSpan.FromSeconds(10)));
            var before = TicksOf(process);
            Thread.Sleep(200);
            Assert.Equal((true, before), (freezer.IsFrozen, TicksOf(process)));

            freezer.Thaw();
            Thread.Sleep(200);
            Assert.False(freezer.IsFrozen);
            Assert.NotEqual(before, TicksOf(process));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
            Directory.Delete(group);
        }
    }

    // proc_pid_stat(5): utime is the 14th column.
    private static string TicksOf(Process process) => File.ReadAllText($"/proc/{process.Id}/stat").Split(' ')[13];
}
