using System.Text.Json.Nodes;
using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Oci;

/// <summary>The commands that change a running container: `pause`, `resume`, `update`.</summary>
public sealed class ControlTests(TestHost host) : OciTest(host)
{
    [Fact]
    public void Paused_container_stands_still_until_it_is_resumed()
    {
        Bundle.Script("while echo x >> /tmp/ticks; do sleep 0.01; done").StartDetached();
        var ticks = Path.Join(Bundle.RootPath, "tmp/ticks");
        WaitForFile(ticks);

        Bundle.Runtime("pause", OciBundle.Id).Text();
        Assert.Equal("paused", Bundle.Status());
        var before = File.ReadAllText(ticks).Length;
        Thread.Sleep(100);
        Assert.Equal(before, File.ReadAllText(ticks).Length);
        Assert.Contains("paused", Refused(Bundle.Exec(OciBundle.Id, "true")), StringComparison.Ordinal);
        Assert.Contains("it is paused", Refused(Bundle.Runtime("pause", OciBundle.Id)), StringComparison.Ordinal);

        Bundle.Runtime("resume", OciBundle.Id).Text();
        Assert.Equal("running", Bundle.Status());
        WaitUntil(() => File.ReadAllText(ticks).Length > before, "it does not go on");
        Assert.Contains("it is running", Refused(Bundle.Runtime("resume", OciBundle.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public void Paused_container_can_be_killed()
    {
        Bundle.StartDetached();
        Bundle.Runtime("pause", OciBundle.Id).Text();

        Bundle.Runtime("kill", OciBundle.Id, "KILL").Text();

        WaitForStatus("stopped");
        Assert.Contains("container not running", Refused(Bundle.Runtime("pause", OciBundle.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_change_by_options()
    {
        Bundle.StartDetached();

        Bundle.Runtime(
            "update", "--memory", "64M", "--memory-swap", "128M", "--cpu-quota", "50000", "--cpu-period", "100000", "--cpu-share", "512",
            "--pids-limit", "33", OciBundle.Id).Text();

        Assert.Equal(["67108864", "33"], Limits());
        Bundle.Runtime("update", "--pids-limit=-1", OciBundle.Id).Text();
        Assert.Equal(["67108864", "0"], Limits());
    }

    [Fact]
    public void Limits_change_by_a_file_and_hold_all_or_none()
    {
        Bundle.StartDetached();
        var file = Bundle.In("resources.json");
        File.WriteAllText(file, """{ "memory": { "limit": 67108864 }, "pids": { "limit": 44 } }""");

        Bundle.Runtime("update", "--resources", file, OciBundle.Id).Text();
        Assert.Equal(["67108864", "44"], Limits());

        // The kernel takes the new number of processes, and a period of less than a millisecond never.
        File.WriteAllText(file, """{ "pids": { "limit": 5 }, "cpu": { "period": 1, "quota": 1000 } }""");
        Refused(Bundle.Runtime("update", "-r", file, OciBundle.Id));
        Assert.Equal(["67108864", "44"], Limits());
    }

    [Theory]
    [InlineData("--memory", "much")]
    [InlineData("--pids-limit", "-2")]
    [InlineData("--cpu-quota", "1e3")]
    [InlineData("--resources", "/no/such/file")]
    [InlineData("--l3-cache-schema", "L3:0=f")]
    public void Limit_without_sense_is_refused(string option, string value)
    {
        Bundle.StartDetached();

        Assert.Contains(
            option == "--resources" ? value : option,
            Refused(Bundle.Runtime("update", option, value, OciBundle.Id)), StringComparison.Ordinal);
    }

    // As `events` reads them, so from version 1 and 2 alike; 0 is no limit of processes.
    private string[] Limits()
    {
        var data = JsonNode.Parse(Bundle.Runtime("events", "--stats", OciBundle.Id).Text())!["data"]!;
        return [data["memory"]!["usage"]!["limit"]!.ToJsonString(), data["pids"]!["limit"]!.ToJsonString()];
    }
}
