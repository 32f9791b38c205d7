using System.Text.Json.Nodes;

namespace PsContainers.Plugins.Tests.Conformance;

/// <summary>Drivers that need something of the host before they can connect anything to it.</summary>
public sealed class WireTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();

    [Fact]
    public void The_modules_macvlan_driver_keeps_to_the_contract()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_sandbox.First, "macvlan")).FullName;
        PluginSandbox.CopyBuilt("PsContainers.Macvlan", folder);
        var file = Path.Combine(folder, "plugin.json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!;
        manifest["example"] = new JsonObject
        {
            ["interface"] = "wan",
            ["subnets"] = new JsonArray(new JsonObject { ["subnet"] = "192.0.2.0/24", ["gateway"] = "192.0.2.254" }),
        };
        File.WriteAllText(file, manifest.ToJsonString());

        AssertConforming(ConformanceRun.Of(
            _sandbox, folder, "ip link add wan type veth peer name far; ip link set wan up; ip link set far up"));
    }

    [Fact]
    public void Folder_with_a_configuration_of_CNI_keeps_to_the_contract()
    {
        Assert.SkipUnless(File.Exists("/usr/lib/cni/ptp"), "needs the Debian package containernetworking-plugins");
        var folder = PluginSandbox.Add(_sandbox.First, "line", """
            {
              "name": "line", "version": "1.0.0", "contract": "1.0", "kinds": ["network"], "transport": "cni",
              "entry": { "configuration": "line.conflist" }, "capabilities": ["upkeep"]
            }
            """);
        File.WriteAllText(Path.Combine(folder, "line.conflist"), $$"""
            {
              "cniVersion": "1.0.0", "name": "line",
              "plugins": [
                { "type": "ptp", "ipam": { "type": "host-local", "subnet": "10.97.0.0/24", "dataDir": "{{_sandbox.Root}}/leases" } },
                { "type": "tuning", "sysctl": { "net.core.somaxconn": "500" } }
              ]
            }
            """);

        AssertConforming(ConformanceRun.Of(_sandbox, folder));
        Assert.Empty(Directory.EnumerateFiles($"{_sandbox.Root}/leases/line", "10.*"));
    }

    public void Dispose() => _sandbox.Dispose();

    private static void AssertConforming(ContainerPluginReport report)
    {
        Assert.True(report.IsConforming, string.Join('\n', report.Checks));
        Assert.Contains(report.Checks, check => check is
        {
            Name: "attach connects a network namespace", Outcome: ContainerPluginOutcome.Passed,
        });
    }
}
