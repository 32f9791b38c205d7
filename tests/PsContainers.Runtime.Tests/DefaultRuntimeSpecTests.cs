using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Capabilities;

namespace PsContainers.Runtime.Tests;

public sealed class DefaultRuntimeSpecTests
{
    private readonly RuntimeSpec _spec = DefaultRuntimeSpec.Create();

    [Fact]
    public void Everything_is_isolated_but_users_and_time() => Assert.Equal(
        [
            LinuxNamespaceType.Pid, LinuxNamespaceType.Network, LinuxNamespaceType.Mount,
            LinuxNamespaceType.Ipc, LinuxNamespaceType.Uts, LinuxNamespaceType.Cgroup,
        ],
        _spec.Linux!.Namespaces!.Select(n => n.Type).Order());

    [Fact]
    public void A_mount_comes_after_the_one_it_lies_on()
    {
        var destinations = _spec.Mounts!.Select(m => m.Destination).ToList();

        Assert.Equal(["/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/dev/shm"], destinations);
    }

    [Fact]
    public void No_capability_is_inheritable_or_ambient()
    {
        var capabilities = _spec.Process!.Capabilities!;

        Assert.Equal(CapabilitySet.Default, CapabilitySet.Parse(capabilities.Bounding!));
        Assert.Equal(capabilities.Bounding, capabilities.Effective);
        Assert.Equal(capabilities.Bounding, capabilities.Permitted);
        Assert.Null(capabilities.Inheritable);
        Assert.Null(capabilities.Ambient);
        Assert.True(_spec.Process.NoNewPrivileges);
    }

    [Theory]
    [InlineData("/proc/kcore")]
    [InlineData("/proc/interrupts")]
    [InlineData("/sys/firmware")]
    [InlineData("/sys/devices/virtual/powercap")]
    public void Host_files_are_masked(string path) => Assert.Contains(path, _spec.Linux!.MaskedPaths!);

    [Fact]
    public void It_survives_its_json()
    {
        var json = JsonSerializer.Serialize(_spec, RuntimeJson.Default.RuntimeSpec);
        var read = JsonSerializer.Deserialize(json, RuntimeJson.Default.RuntimeSpec)!;

        Assert.Equal(json, JsonSerializer.Serialize(read, RuntimeJson.Default.RuntimeSpec));
    }
}
