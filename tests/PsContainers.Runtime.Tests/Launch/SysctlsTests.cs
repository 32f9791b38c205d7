using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Tests.Launch;

public sealed class SysctlsTests
{
    [Theory]
    [InlineData("kernel.msgmax", "sys/kernel/msgmax")]
    [InlineData("kernel/shm_rmid_forced", "sys/kernel/shm_rmid_forced")]
    [InlineData("fs.mqueue.msg_max", "sys/fs/mqueue/msg_max")]
    [InlineData("net.ipv4.conf.eth0/1.forwarding", "sys/net/ipv4/conf/eth0.1/forwarding")]
    [InlineData("net/ipv4/conf/eth0.1/forwarding", "sys/net/ipv4/conf/eth0.1/forwarding")]
    [InlineData("kernel.domainname", "sys/kernel/domainname")]
    public void Name_is_a_path_below_proc(string name, string path) => Assert.Equal(
        new WriteProcFile($"linux.sysctl.{name}", path, "1"), Assert.Single(Sysctls.Build(With(name))));

    [Theory]
    [InlineData("kernel.panic")]
    [InlineData("vm.swappiness")]
    [InlineData("kernel.hostname")]
    [InlineData("user.max_user_namespaces")]
    [InlineData("")]
    [InlineData("net")]
    [InlineData("net.")]
    [InlineData("net/../kernel/panic")]
    [InlineData("net./../..kernel.panic")]
    [InlineData("net/./ipv4/ip_forward")]
    [InlineData("/net/ipv4/ip_forward")]
    [InlineData("net//ipv4/ip_forward")]
    [InlineData("../net/ipv4/ip_forward")]
    public void Parameter_of_the_host_is_refused(string name) => Assert.Equal(
        $"linux.sysctl.{name}", Assert.Throws<InvalidSettingException>(() => Sysctls.Build(With(name)).ToList()).Setting);

    [Theory]
    [InlineData("kernel.sem", LinuxNamespaceType.Ipc)]
    [InlineData("fs.mqueue.msg_max", LinuxNamespaceType.Ipc)]
    [InlineData("net.core.somaxconn", LinuxNamespaceType.Network)]
    [InlineData("kernel.domainname", LinuxNamespaceType.Uts)]
    public void Parameter_needs_its_namespace(string name, LinuxNamespaceType type)
    {
        var spec = With(name);
        var others = spec.Linux!.Namespaces!.Where(n => n.Type != type).ToList();

        AssertRefused(name, spec with { Linux = spec.Linux with { Namespaces = others } });
        var ours = new LinuxNamespace(type, $"/proc/{Environment.ProcessId}/ns/{File(type)}");
        AssertRefused(name, spec with { Linux = spec.Linux with { Namespaces = [.. others, ours] } });
    }

    [Fact]
    public void Same_parameter_twice_is_refused()
    {
        var spec = With("net.core.somaxconn");

        AssertRefused("net/core/somaxconn", spec with
        {
            Linux = spec.Linux! with
            {
                Sysctl = new Dictionary<string, string> { ["net.core.somaxconn"] = "1", ["net/core/somaxconn"] = "2" },
            },
        });
    }

    [Fact]
    public void Domain_name_is_set_in_one_place_only() =>
        AssertRefused("kernel.domainname", With("kernel.domainname") with { Domainname = "other" });

    [Theory]
    [InlineData("hostname")]
    [InlineData("domainname")]
    public void Name_needs_a_namespace_for_it(string setting)
    {
        var spec = Sample.Spec();
        spec = setting == "hostname" ? spec with { Hostname = "x" } : spec with { Domainname = "x" };
        Sample.Plan(spec);

        var refusal = Sample.Refusal(spec with
        {
            Linux = spec.Linux! with { Namespaces = [.. spec.Linux.Namespaces!.Where(n => n.Type != LinuxNamespaceType.Uts)] },
        });

        Assert.Equal(setting, refusal.Setting);
    }

    private static string File(LinuxNamespaceType type) => type == LinuxNamespaceType.Network ? "net" : type.ToString().ToLowerInvariant();

    private static void AssertRefused(string name, RuntimeSpec spec) => Assert.Equal(
        $"linux.sysctl.{name}", Assert.Throws<InvalidSettingException>(() => Sysctls.Build(spec).ToList()).Setting);

    private static RuntimeSpec With(string name)
    {
        var spec = Sample.Spec();
        return spec with { Linux = spec.Linux! with { Sysctl = new Dictionary<string, string> { [name] = "1" } } };
    }
}
