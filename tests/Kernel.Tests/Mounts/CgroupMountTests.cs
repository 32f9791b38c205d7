using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Mounts;

public sealed class CgroupMountTests(TestHost host) : MountTest(host)
{
    private static string Group => IsUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_the_containers_own_groups_show(bool ownNamespace)
    {
        // The shell and cat: of a pipe the second program may be there when the first one reads, or not.
        var said = RunBundle(WithNamespace(
            ownNamespace,
            "ro",
            $"members=$(cat {Group}/cgroup.procs); echo \"$members\" | wc -l; find {Group} -type d | wc -l; cat {Group}/pids.max")).Text();

        Assert.Equal("2\n1\n77", said);
    }

    [Theory]
    [InlineData(true, "ro", "closed")]
    [InlineData(false, "ro", "closed")]
    [InlineData(true, "rw", "open")]
    [InlineData(false, "rw", "open")]
    public void Groups_can_be_made_only_on_a_writable_mount(bool ownNamespace, string option, string expected) => Assert.Equal(
        expected,
        RunBundle(WithNamespace(
            ownNamespace, option, $"mkdir {Group}/mine 2>/dev/null && rmdir {Group}/mine && echo open || echo closed")).Text());

    [Fact]
    public void Hierarchies_have_their_names_on_a_machine_with_version_1()
    {
        Assert.SkipWhen(IsUnified, "version 2 only");
        const string List = "ls /sys/fs/cgroup";

        var own = RunBundle(WithNamespace(true, "ro", List)).Text();

        Assert.Contains("unified", own, StringComparison.Ordinal);
        Assert.Equal(own, RunBundle(WithNamespace(false, "ro", List)).Text());
    }

    private RuntimeSpec WithNamespace(bool own, string option, string script)
    {
        var spec = Spec(script);
        return spec with
        {
            Mounts =
            [
                .. spec.Mounts!.Where(m => m.Type != "cgroup"),
                new Mount("/sys/fs/cgroup", "cgroup", "cgroup", ["nosuid", "noexec", "nodev", "relatime", option]),
            ],
            Linux = spec.Linux! with
            {
                Namespaces = [.. spec.Linux.Namespaces!.Where(n => own || n.Type != LinuxNamespaceType.Cgroup)],
                Resources = spec.Linux.Resources! with { Pids = new LinuxPids(77) },
            },
        };
    }
}
