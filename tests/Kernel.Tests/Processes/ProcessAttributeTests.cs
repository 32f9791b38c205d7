using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Processes;

/// <summary>What config.json says of the process, asked of the kernel from inside.</summary>
public sealed class ProcessAttributeTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    [InlineData(-500)]
    public void Score_is_the_one_asked_for(int score)
    {
        Assert.SkipUnless(score >= 0 || MayRaiseLimits, "the machine's root lacks CAP_SYS_RESOURCE");

        Assert.Equal($"{score}", Text(process => process with { OomScoreAdj = score }, "cat", "/proc/self/oom_score_adj"));
    }

    [Fact]
    public void Score_below_the_present_one_needs_a_capability()
    {
        var spec = BundleRun.Spec(Host, "true");

        var result = BundleRun.Execute(
            Host, spec with { Process = spec.Process! with { OomScoreAdj = -500 } }, "setpriv", "--bounding-set=-sys_resource");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("process.oomScoreAdj", result.Error, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_RESOURCE", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Limit_above_the_hard_one_needs_a_capability()
    {
        var spec = BundleRun.Spec(Host, "true");

        var result = BundleRun.Execute(
            Host,
            spec with { Process = spec.Process! with { Rlimits = [new("RLIMIT_NOFILE", Hard: 30, Soft: 30)] } },
            "setpriv", "--bounding-set=-sys_resource", "prlimit", "--nofile=20:20");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("RLIMIT_NOFILE, 30 of 30", result.Error, StringComparison.Ordinal);
        Assert.Contains("CAP_SYS_RESOURCE", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Limit_of_no_descriptors_at_all_starts_a_static_program() => Assert.Equal(
        "here", Text(process => process with { Rlimits = [new("RLIMIT_NOFILE", Hard: 0, Soft: 0)] }, "echo", "here"));

    [Theory]
    [InlineData("SCHED_OTHER", 5, null, "policy 0", "nice 5")]
    [InlineData("SCHED_OTHER", -7, null, "policy 0", "nice -7")]
    [InlineData("SCHED_BATCH", null, null, "policy 3", "nice 0")]
    [InlineData("SCHED_IDLE", null, null, "policy 5", "nice 0")]
    public void Scheduler_is_the_one_asked_for(string policy, int? nice, int? priority, params string[] expected) =>
        AssertSays(
            expected,
            process => process with { Scheduler = new LinuxScheduler { Policy = policy, Nice = nice, Priority = priority } });

    [Theory]
    [Trait("Needs", OnlyOnHost)]
    [InlineData("SCHED_FIFO", "policy 1")]
    [InlineData("SCHED_RR", "policy 2")]
    public void Real_time_policy_has_its_priority_and_is_not_inherited(string policy, string expected)
    {
        // A version 1 group has real-time processes only with time of its own, out of its parent's: the root's.
        var hasGroups = File.Exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us");
        AssertSays(
            [expected, "priority 42", "flags 1"],
            process => process with
            {
                Scheduler = new LinuxScheduler { Policy = policy, Priority = 42, Flags = ["SCHED_FLAG_RESET_ON_FORK"] },
            },
            linux => hasGroups
                ? linux with
                {
                    CgroupsPath = $"/psc-kernel-attributes-{Environment.ProcessId}",
                    Resources = linux.Resources! with { Cpu = new LinuxCpu { RealtimeRuntime = 10_000 } },
                }
                : linux);
    }

    [Fact]
    public void Deadline_is_the_one_asked_for() => AssertSays(
        ["policy 6", "runtime 1000000", "deadline 20000000", "period 30000000"],
        process => process with
        {
            Scheduler = new LinuxScheduler { Policy = "SCHED_DEADLINE", Runtime = 1_000_000, Deadline = 20_000_000, Period = 30_000_000 },
        });

    [Fact]
    public void Scheduler_that_the_kernel_lacks_is_named()
    {
        var spec = BundleRun.Spec(Host, "true");

        var result = BundleRun.Execute(
            Host, spec with { Process = spec.Process! with { Scheduler = new LinuxScheduler { Policy = "SCHED_ISO" } } });

        Assert.Contains("process.scheduler: sched_setattr(SCHED_ISO): Invalid argument", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IOPRIO_CLASS_RT", 3, "ioclass 1", "iolevel 3")]
    [InlineData("IOPRIO_CLASS_BE", 7, "ioclass 2", "iolevel 7")]
    [InlineData("IOPRIO_CLASS_IDLE", 0, "ioclass 3", "iolevel 0")]
    public void Io_priority_is_the_one_asked_for(string name, int priority, params string[] expected) =>
        AssertSays(expected, process => process with { IoPriority = new LinuxIoPriority(name, priority) });

    [Theory]
    [Trait("Needs", OnlyOnHost)]
    [InlineData("MPOL_DEFAULT", null, null, "memory 0", "nodes 0")]
    [InlineData("MPOL_LOCAL", null, null, "memory 4", "nodes 0")]
    [InlineData("MPOL_BIND", "0", null, "memory 2", "nodes 1")]
    [InlineData("MPOL_INTERLEAVE", "0", "MPOL_F_STATIC_NODES", "memory 32771", "nodes 1")]
    [InlineData("MPOL_PREFERRED", "0", null, "memory 1", "nodes 1")]
    [InlineData("MPOL_PREFERRED_MANY", "0", null, "memory 5", "nodes 1")]
    public void Memory_policy_is_the_one_asked_for(string mode, string? nodes, string? flag, params string[] expected) => AssertSays(
        expected,
        linux: linux => linux with
        {
            MemoryPolicy = new LinuxMemoryPolicy { Mode = mode, Nodes = nodes, Flags = flag is null ? null : [flag] },
        });

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Node_that_the_machine_lacks_is_named()
    {
        var spec = BundleRun.Spec(Host, "true");

        var result = BundleRun.Execute(
            Host, spec with { Linux = spec.Linux! with { MemoryPolicy = new LinuxMemoryPolicy { Mode = "MPOL_BIND", Nodes = "900" } } });

        Assert.Contains("linux.memoryPolicy: set_mempolicy(MPOL_BIND): Invalid argument", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Needs", OnlyOnHost)]
    public void Personality_shows_a_32_bit_machine()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.X64, "the name is x86-64's");
        AssertSays(["machine i686", "personality 8"], linux: linux => linux with { Personality = new LinuxPersonality("LINUX32") });
        AssertSays(["machine x86_64", "personality 0"], linux: linux => linux with { Personality = new LinuxPersonality("LINUX") });
    }

    [Fact]
    public void Domain_name_is_the_containers()
    {
        var spec = BundleRun.Spec(Host, "probe-attributes");

        var said = BundleRun.Execute(Host, spec with { Domainname = "inside.example" }).Text();

        Assert.Contains("domain inside.example\n", said, StringComparison.Ordinal);
        Assert.DoesNotContain("inside.example", File.ReadAllText("/proc/sys/kernel/domainname"), StringComparison.Ordinal);
    }

    [Fact]
    public void Profile_and_label_that_the_kernel_has_no_module_for_are_refused()
    {
        Assert.SkipWhen(File.Exists("/sys/module/apparmor/parameters/enabled"), "AppArmor is here");
        var spec = BundleRun.Spec(Host, "true");

        var refused = BundleRun.Execute(Host, spec with { Process = spec.Process! with { ApparmorProfile = "docker-default" } });
        var unconfined = BundleRun.Execute(Host, spec with { Process = spec.Process! with { ApparmorProfile = "unconfined" } });

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("process.apparmorProfile: AppArmor is not enabled on this machine", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, unconfined.ExitCode);
    }

    [Theory]
    [InlineData("SECCOMP_FILTER_FLAG_TSYNC")]
    [InlineData("SECCOMP_FILTER_FLAG_LOG")]
    [InlineData("SECCOMP_FILTER_FLAG_SPEC_ALLOW")]
    [InlineData("SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV")]
    public void Filter_is_loaded_with_the_flag(string flag)
    {
        var spec = BundleRun.Spec(Host, "grep", "Seccomp:", "/proc/self/status");

        var result = BundleRun.Execute(
            Host, spec with { Linux = spec.Linux! with { Seccomp = spec.Linux.Seccomp! with { Flags = [flag] } } });

        Assert.Equal("Seccomp:\t2", result.Text());
    }

    // Bit 24 of the effective capabilities.
    private static bool MayRaiseLimits => File.ReadLines("/proc/self/status").Any(line =>
        line.StartsWith("CapEff:", StringComparison.Ordinal)
        && (Convert.ToUInt64(line[7..].Trim(), 16) >> 24 & 1) != 0);

    private string Text(Func<ProcessSpec, ProcessSpec> change, params string[] command)
    {
        var spec = BundleRun.Spec(Host, command);
        return BundleRun.Execute(Host, spec with { Process = change(spec.Process!) }).Text();
    }

    // Without a filter: the usual one forbids asking for the memory policy.
    private void AssertSays(
        string[] expected, Func<ProcessSpec, ProcessSpec>? process = null, Func<LinuxSpec, LinuxSpec>? linux = null)
    {
        var spec = BundleRun.Spec(Host, "probe-attributes");
        spec = spec with
        {
            Process = process is null ? spec.Process : process(spec.Process!),
            Linux = (linux is null ? spec.Linux! : linux(spec.Linux!)) with { Seccomp = null },
        };

        var said = BundleRun.Execute(Host, spec).Text().Split('\n');

        Assert.Empty(expected.Except(said));
    }
}
