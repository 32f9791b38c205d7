using PsContainers.Kernel.Tests.Harness;
using PsContainers.Oci.Runtime;

namespace PsContainers.Kernel.Tests.Isolation;

public sealed class SysctlTests(TestHost host) : KernelTest(host)
{
    [Theory]
    [InlineData("kernel.msgmax", "12345")]
    [InlineData("kernel.sem", "250\t32000\t32\t77")]
    [InlineData("kernel.shm_rmid_forced", "1")]
    [InlineData("fs.mqueue.msg_max", "17")]
    [InlineData("net.core.somaxconn", "999")]
    [InlineData("net.ipv4.ip_unprivileged_port_start", "0")]
    [InlineData("net/ipv4/conf/lo/log_martians", "1")]
    [InlineData("kernel.domainname", "inside.example")]
    public void Parameter_is_the_containers_alone(string name, string value)
    {
        var file = $"/proc/sys/{(name.Contains('/', StringComparison.Ordinal) ? name : name.Replace('.', '/'))}";
        var before = File.ReadAllText(file);
        var spec = With(BundleRun.Spec(Host, "cat", file), name, value);

        Assert.Equal(value, BundleRun.Execute(Host, spec).Text());
        Assert.Equal(before, File.ReadAllText(file));
    }

    [Fact]
    public void Parameter_of_the_host_is_refused()
    {
        var result = BundleRun.Execute(Host, With(BundleRun.Spec(Host, "true"), "kernel.panic", "1"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("linux.sysctl.kernel.panic: belongs to no namespace", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net.core.nonsense", "1", "No such file")]
    [InlineData("net.core.somaxconn", "many", "Invalid argument")]
    public void Parameter_that_the_kernel_refuses_is_named(string name, string value, string cause)
    {
        var result = BundleRun.Execute(Host, With(BundleRun.Spec(Host, "true"), name, value));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"linux.sysctl.{name}: write('{value}' to ", result.Error, StringComparison.Ordinal);
        Assert.Contains(cause, result.Error, StringComparison.Ordinal);
    }

    // CVE-2025-52881: what is meant for the kernel must not go into a file that stands in its place. The image brings it: a mount on
    // /proc that is none of proc is refused.
    [Fact]
    public void Proc_of_the_container_is_not_written_to()
    {
        var root = Path.Join(Host.Scratch, "root-with-fake-proc");
        HostCommand.Run("/bin/cp", "-a", Host.BusyboxRoot, root).Text();
        var fake = MakeFakeProc(Path.Join(root, "proc"));
        var spec = With(BundleRun.Spec(Host, "cat", "/real/sys/net/core/somaxconn"), "net.core.somaxconn", "999");
        spec = spec with
        {
            Root = new RootSpec { Path = root },
            Process = spec.Process! with { OomScoreAdj = 3 },
            Mounts = [new Mount("/real", "proc", "proc"), .. spec.Mounts!.Where(mount => mount.Destination != "/proc")],
        };

        var said = BundleRun.Execute(Host, spec).Text();

        Assert.Equal("999", said);
        AssertUntouched(fake);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void Mount_over_a_part_of_the_hosts_proc_is_not_written_to()
    {
        var fake = MakeFakeProc(Path.Join(Host.Scratch, "fake-proc"));
        var spec = With(
            BundleRun.Spec(Host, "cat", "/proc/sys/net/core/somaxconn", "/proc/self/oom_score_adj"), "net.core.somaxconn", "999");

        var result = BundleRun.Execute(
            Host,
            spec with { Process = spec.Process! with { OomScoreAdj = 3 } },
            "unshare", "--mount", "sh", "-c", $"mount --bind {fake}/sys/net /proc/sys/net && exec \"$@\"", "sh");

        Assert.Equal("999\n3", result.Text());
        AssertUntouched(fake);
    }

    private static string MakeFakeProc(string fake)
    {
        foreach (var file in new[] { "sys/net/core/somaxconn", "self/oom_score_adj" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(fake, file))!);
            File.WriteAllText(Path.Join(fake, file), "untouched");
        }

        return fake;
    }

    private static void AssertUntouched(string fake) => Assert.All(
        Directory.EnumerateFiles(fake, "*", SearchOption.AllDirectories), file => Assert.Equal("untouched", File.ReadAllText(file)));

    private static RuntimeSpec With(RuntimeSpec spec, string name, string value) => spec with
    {
        Linux = spec.Linux! with { Sysctl = new Dictionary<string, string> { [name] = value } },
    };
}
