using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

[Trait("Needs", OnlyOnHost)]
public sealed class NetworkDeviceTests(TestHost host) : OciTest(host)
{
    [Fact]
    public void Device_is_moved_renamed_and_keeps_its_addresses()
    {
        AddDevice("dev0");
        HostCommand.Run("/sbin/ip", "addr", "add", "10.99.1.2/24", "dev", "dev0").Text();
        HostCommand.Run("/sbin/ip", "-6", "addr", "add", "fd00:99::2/64", "dev", "dev0").Text();
        HostCommand.Run("/sbin/ip", "link", "set", "dev0", "up").Text();
        Bundle.Linux["netDevices"] = new JsonObject { ["dev0"] = new JsonObject { ["name"] = "inside0" } };

        var said = Bundle.Say("ip -o addr show dev inside0; ip -o link show dev inside0; ls /sys/class/net");

        Assert.Contains("inet 10.99.1.2/24", said, StringComparison.Ordinal);
        Assert.Contains("inet6 fd00:99::2/64", said, StringComparison.Ordinal);
        Assert.Contains("UP", said, StringComparison.Ordinal);
        Assert.DoesNotContain("dev0\n", said.Replace("inside0", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Device_keeps_its_name_where_none_is_given()
    {
        AddDevice("dev1");
        Bundle.Linux["netDevices"] = new JsonObject { ["dev1"] = new JsonObject() };

        Assert.Equal("dev1\nlo", Bundle.Say("ls /sys/class/net"));
    }

    [Fact]
    public void Missing_device_is_named_and_nothing_is_left()
    {
        Bundle.Linux["netDevices"] = new JsonObject { ["nosuch"] = new JsonObject() };

        Assert.Contains("linux.netDevices.nosuch", Refused(Bundle.Create()), StringComparison.Ordinal);
        Assert.Empty(Bundle.Ids());
    }

    [Fact]
    public void Device_needs_a_network_namespace_of_the_containers_own()
    {
        Bundle.Namespace("network", isWanted: false);
        Bundle.Linux["netDevices"] = new JsonObject { ["lo"] = new JsonObject() };

        Assert.Contains("linux.netDevices.lo", Refused(Bundle.Create()), StringComparison.Ordinal);
    }

    [Fact]
    public void Device_is_moved_into_a_user_namespace_too()
    {
        AddDevice("dev2");
        Bundle.Namespace("user");
        foreach (var name in new[] { "uidMappings", "gidMappings" })
        {
            Bundle.Linux[name] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 100000, ["size"] = 65536 });
        }

        Bundle.Linux["netDevices"] = new JsonObject { ["dev2"] = new JsonObject { ["name"] = "eth%d" } };

        Assert.Equal("eth0\nlo", Bundle.Say("ls /sys/class/net"));
    }

    protected override void RemoveOwn()
    {
        base.RemoveOwn();
        foreach (var name in new[] { "dev0", "dev1", "dev2" })
        {
            HostCommand.Run("/sbin/ip", "link", "delete", $"{name}p");
        }
    }

    private static void AddDevice(string name) =>
        HostCommand.Run("/sbin/ip", "link", "add", name, "type", "veth", "peer", "name", $"{name}p").Text();
}
