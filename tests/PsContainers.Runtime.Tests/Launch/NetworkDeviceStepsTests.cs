using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Launch;

namespace PsContainers.Runtime.Tests.Launch;

public sealed class NetworkDeviceStepsTests
{
    [Fact]
    public void Device_keeps_its_name_or_gets_another() => Assert.Equal(
        [new MoveNetworkDevice("a", "a"), new MoveNetworkDevice("b", "eth0"), new MoveNetworkDevice("c", "eth%d"), new("d", "eth%d")],
        NetworkDeviceSteps.Build(With(("a", null), ("b", "eth0"), ("c", "eth%d"), ("d", "eth%d"))));

    [Theory]
    [InlineData("", null, "linux.netDevices.")]
    [InlineData("a name", null, "linux.netDevices.a name")]
    [InlineData("eth%d", null, "linux.netDevices.eth%d")]
    [InlineData("a", "0123456789abcdef", "linux.netDevices.a.name")]
    [InlineData("a", "x/y", "linux.netDevices.a.name")]
    [InlineData("a", "..", "linux.netDevices.a.name")]
    [InlineData("a", "%d%d", "linux.netDevices.a.name")]
    [InlineData("a", "%d", "linux.netDevices.a.name")]
    public void Impossible_name_is_named(string name, string? newName, string setting) => Assert.Equal(
        setting, Assert.Throws<InvalidSettingException>(() => NetworkDeviceSteps.Build(With((name, newName)))).Setting);

    [Fact]
    public void Two_devices_of_one_name_are_refused() => Assert.Equal(
        "linux.netDevices.b.name",
        Assert.Throws<InvalidSettingException>(() => NetworkDeviceSteps.Build(With(("a", "eth0"), ("b", "eth0")))).Setting);

    [Fact]
    public void Hosts_own_network_takes_no_devices()
    {
        var spec = With(("a", null));
        spec = spec with { Linux = spec.Linux! with { Namespaces = [new(LinuxNamespaceType.Network, "/proc/self/ns/net")] } };

        Assert.Equal("linux.netDevices.a", Assert.Throws<InvalidSettingException>(() => NetworkDeviceSteps.Build(spec)).Setting);
    }

    private static RuntimeSpec With(params (string Name, string? NewName)[] devices)
    {
        var spec = Sample.Spec();
        return spec with
        {
            Linux = spec.Linux! with { NetDevices = devices.ToDictionary(d => d.Name, d => new LinuxNetDevice { Name = d.NewName }) },
        };
    }
}
