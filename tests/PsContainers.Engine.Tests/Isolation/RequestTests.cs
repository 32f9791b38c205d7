using PsContainers.Engine.Isolation;
using PsContainers.Engine.Networks;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Tests.Isolation;

public sealed class RequestTests
{
    [Theory]
    [InlineData("/dev/null", "/dev/null", "rwm")]
    [InlineData("/dev/null:r", "/dev/null", "r")]
    [InlineData("/dev/null:/dev/nothing", "/dev/nothing", "rwm")]
    [InlineData("/dev/null:/dev/nothing:rw", "/dev/nothing", "rw")]
    public void A_device_is_read_from_the_host(string request, string path, string access)
    {
        var device = Assert.Single(DeviceRequest.Resolve(request));

        Assert.Equal((path, "c", access), (device.Node.Path, device.Node.Type, device.Access));
        Assert.Equal((1L, 3L), (device.Node.Major, device.Node.Minor));
        Assert.Equal((1L, 3L, access), (device.Rule.Major!.Value, device.Rule.Minor!.Value, device.Rule.Access!));
    }

    [Fact]
    public void A_link_stands_for_the_device_that_it_leads_to()
    {
        var link = Path.Join(Path.GetTempPath(), $"psc-device-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(link, "/dev/zero");

        var device = Assert.Single(DeviceRequest.Resolve($"{link}:/dev/z"));

        Assert.Equal((1L, 5L), (device.Node.Major, device.Node.Minor));
        File.Delete(link);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/dev/nonexistent")]
    [InlineData("/etc/passwd")]
    [InlineData("/etc")]
    [InlineData("dev/null")]
    [InlineData("/dev/null:dev/null")]
    [InlineData("/dev/null:/dev/../etc/x")]
    [InlineData("/dev/null:/dev/x:rx")]
    [InlineData("/dev/null:/dev/x:")]
    [InlineData("/dev/null:/dev/x:rr")]
    [InlineData("/dev/null:/dev/x:r:w")]
    public void What_is_no_device_is_refused(string request)
    {
        var error = Assert.Throws<ContainerEngineException>(() => DeviceRequest.Resolve(request));

        Assert.Equal(("InvalidDevice", request), (error.ErrorId, error.Target));
    }

    [Theory]
    [InlineData("nofile", "1024:2048", "RLIMIT_NOFILE", 1024, 2048)]
    [InlineData("NPROC", "10", "RLIMIT_NPROC", 10, 10)]
    [InlineData("core", "0:-1", "RLIMIT_CORE", 0, ulong.MaxValue)]
    [InlineData("stack", "unlimited", "RLIMIT_STACK", ulong.MaxValue, ulong.MaxValue)]
    public void A_limit_of_processes_has_two_values(string name, string value, string type, ulong soft, ulong hard) => Assert.Equal(
        [new PosixRlimit(type, hard, soft)], UlimitRequest.Resolve(new Dictionary<string, string> { [name] = value }));

    [Theory]
    [InlineData("files", "1")]
    [InlineData("nofile", "")]
    [InlineData("nofile", "1:2:3")]
    [InlineData("nofile", "-2")]
    [InlineData("nofile", "many")]
    [InlineData("nofile", "2:1")]
    [InlineData("nofile", "-1:5")]
    public void A_bad_limit_of_processes_is_refused(string name, string value)
    {
        var limits = new Dictionary<string, string> { [name] = value };

        var error = Assert.Throws<ContainerEngineException>(() => UlimitRequest.Resolve(limits).ToList());

        Assert.Equal(("InvalidUlimit", name), (error.ErrorId, error.Target));
    }

    [Theory]
    [InlineData("kernel.shmmax", "Private", "None", true)]
    [InlineData("kernel/shmmax", "Private", "None", true)]
    [InlineData("fs.mqueue.msg_max", "Private", "None", true)]
    [InlineData("net.ipv4.ip_forward", "Private", "None", true)]
    [InlineData("kernel.shmmax", "Host", "None", false)]
    [InlineData("kernel.shmmax", "Container", "None", false)]
    [InlineData("net.ipv4.ip_forward", "Private", "Host", false)]
    [InlineData("kernel.panic", "Private", "None", false)]
    [InlineData("vm.swappiness", "Private", "None", false)]
    [InlineData("kernel.shmmaximum", "Private", "None", false)]
    [InlineData("net/../kernel/panic", "Private", "None", false)]
    [InlineData("", "Private", "None", false)]
    public void Kernel_parameters_are_the_containers_own_or_refused(string name, string ipc, string network, bool isFine)
    {
        void Act() => SysctlRequest.Check(
            new Dictionary<string, string> { [name] = "1" }, Enum.Parse<NamespaceOrigin>(ipc), Enum.Parse<NetworkMode>(network));

        if (isFine)
        {
            Act();
        }
        else
        {
            Assert.Equal("InvalidSysctl", Assert.Throws<ContainerEngineException>(Act).ErrorId);
        }
    }

    [Theory]
    [InlineData(null, "Private", null)]
    [InlineData("private", "Private", null)]
    [InlineData("HOST", "Host", null)]
    [InlineData("container:Web", "Container", "Web")]
    public void A_namespace_comes_from_one_of_three(string? text, string origin, string? container) => Assert.Equal(
        new NamespaceChoice(Enum.Parse<NamespaceOrigin>(origin), container), NamespaceChoice.Parse("PidNamespace", text));

    [Theory]
    [InlineData("")]
    [InlineData("container:")]
    [InlineData("/proc/1/ns/pid")]
    public void Any_other_origin_is_refused(string text)
    {
        var errors = new[]
        {
            Assert.Throws<ContainerEngineException>(() => NamespaceChoice.Parse("PidNamespace", text)),
            Assert.Throws<ContainerEngineException>(() => NamespaceChoice.ParseUser("UserNamespace", text)),
        };

        Assert.All(errors, error => Assert.Equal("InvalidNamespace", error.ErrorId));
    }

    [Fact]
    public void Ids_for_a_user_namespace_are_those_that_nobody_has()
    {
        string[] ids = ["me:100000:65536", "containers:200000:200000"];

        Assert.Equal(200000u, IdRange.Choose(new HashSet<uint>(), ids, ids));
        Assert.Equal(265536u, IdRange.Choose(new HashSet<uint> { 200000 }, ids, ids));
        Assert.Null(IdRange.Choose(new HashSet<uint> { 200000, 265536, 331072 }, ids, ids));
        Assert.Null(IdRange.Choose(new HashSet<uint>(), ids, []));
        Assert.Equal(0x80000000, IdRange.Choose(new HashSet<uint>(), [], []));
        Assert.Equal(0x80010000, IdRange.Choose(new HashSet<uint> { 0x80000000 }, ["root:1:65536"], []));
    }
}
