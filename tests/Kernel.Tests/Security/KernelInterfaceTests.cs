using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Security;

/// <summary>Files of the kernel that name a program which the host then runs as root. CVE-2022-0492 for those of control groups.</summary>
public sealed class KernelInterfaceTests(TestHost host) : KernelTest(host)
{
    private const string OpenGroups =
        "mount -o remount,rw /sys/fs/cgroup; umount /sys/fs/cgroup; for d in /sys/fs/cgroup/*; do mount -o remount,rw,bind $d; done;"
        + "attack writes $(find /sys/fs/cgroup -name NAMES)";

    private static readonly string[] _programs =
    [
        "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/proc/sysrq-trigger", "/sys/kernel/uevent_helper",
    ];

    [Fact]
    public void Version_1_of_control_groups_cannot_be_mounted()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["attack", "cgroup"]);

        Assert.Equal("tried", runtime.Do("run", "--bundle", runtime.Bundle, "groups").Text());
    }

    [Fact]
    public void Without_a_filter_the_release_agent_cannot_be_written()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["attack", "cgroup"], spec => spec with { Linux = spec.Linux! with { Seccomp = null } });

        AssertUnwritten(runtime);
    }

    [Fact]
    public void Root_of_a_user_namespace_cannot_write_the_release_agent()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["attack", "cgroup"], InUserNamespace);

        var said = AssertUnwritten(runtime);

        // The attempt was one: there its own groups can be mounted.
        Assert.SkipWhen(IsUnified, "no hierarchy of version 1");
        Assert.Contains(said, line => line.StartsWith("mounted cgroup", StringComparison.Ordinal));
    }

    [Fact]
    public void Files_of_the_mounted_groups_cannot_be_written()
    {
        using var runtime = new OciRuntime(Host);
        var script = OpenGroups.Replace("NAMES", "release_agent -o -name notify_on_release", StringComparison.Ordinal);
        runtime.Configure(["sh", "-c", script]);

        Assert.Equal("tried", runtime.Do("run", "--bundle", runtime.Bundle, "groups").Text());
    }

    [Fact]
    public void Release_agent_of_the_mounted_groups_cannot_be_written_in_a_user_namespace()
    {
        using var runtime = new OciRuntime(Host);
        var script = OpenGroups.Replace("NAMES", "release_agent", StringComparison.Ordinal);
        runtime.Configure(["sh", "-c", script], InUserNamespace);

        Assert.Equal("tried", runtime.Do("run", "--bundle", runtime.Bundle, "groups").Text());
    }

    [Fact]
    public void Program_that_the_kernel_runs_on_the_host_cannot_be_named()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(Naming());

        Assert.Equal("tried", runtime.Do("run", "--bundle", runtime.Bundle, "program").Text());
    }

    [Fact]
    public void Program_that_the_kernel_runs_on_the_host_cannot_be_named_in_a_user_namespace()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(Naming(), InUserNamespace);

        Assert.Equal("tried", runtime.Do("run", "--bundle", runtime.Bundle, "program").Text());
    }

    // Opened only, never written: the attack of the tests above does work where nothing is in its way.
    [Fact]
    public void Attack_on_the_kernels_programs_works_where_nothing_is_protected()
    {
        using var runtime = new OciRuntime(Host);
        runtime.Configure(["attack", "writes", .. _programs], spec => OciRuntime.Privileged(spec) with
        {
            Linux = spec.Linux! with { Seccomp = null, MaskedPaths = [], ReadonlyPaths = [] },
        });

        var said = runtime.Do("run", "--bundle", runtime.Bundle, "program").Text();

        Assert.Contains("writable /proc/sys/kernel/core_pattern", said, StringComparison.Ordinal);
    }

    // After the attempts of one who may mount: another instance of the file system, the cover taken away, the mount made writable.
    private static IReadOnlyList<string> Naming() =>
    [
        "sh", "-c",
        "mkdir /tmp/proc /tmp/sys; mount -t proc proc /tmp/proc; mount -t sysfs sysfs /tmp/sys;"
        + "umount /proc/sys; umount /proc/sysrq-trigger;"
        + "for m in /proc /proc/sys /proc/sysrq-trigger /sys; do mount -o remount,rw $m; mount -o remount,rw,bind $m; done;"
        + "attack writes \"$@\" $(for p in \"$@\"; do echo /tmp$p; done)",
        "sh", .. _programs,
    ];

    private static string[] AssertUnwritten(OciRuntime runtime)
    {
        var said = runtime.Do("run", "--bundle", runtime.Bundle, "groups").Text().Split('\n');
        Assert.Equal("tried", said[^1]);
        Assert.DoesNotContain(said, line => line == "release_agent writable");
        return said;
    }

    private static RuntimeSpec InUserNamespace(RuntimeSpec spec)
    {
        var privileged = OciRuntime.Privileged(spec);
        return privileged with
        {
            Linux = privileged.Linux! with
            {
                Namespaces = [.. privileged.Linux.Namespaces!, new LinuxNamespace(LinuxNamespaceType.User)],
                UidMappings = [new LinuxIdMapping(0, 100000, 65536)],
                GidMappings = [new LinuxIdMapping(0, 100000, 65536)],
            },
        };
    }
}
