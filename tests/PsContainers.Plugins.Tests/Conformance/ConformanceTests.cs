using System.Text.Json.Nodes;
using PsContainers.Drivers;
using PsContainers.Plugins.Tests.Processes;

namespace PsContainers.Plugins.Tests.Conformance;

public sealed class ConformanceTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_driver_that_takes_everything_and_does_nothing_is_found_out()
    {
        var report = ConformanceRun.Of(_sandbox, _sandbox.AddPeer(PluginSandbox.AssemblyManifest("odd")));

        Assert.Equal(
            [
                "Failed: define refuses an option that it doesn't know: it was not refused",
                "Failed: define refuses a subnet that is none: plugin odd answered define with subnets[0].subnet: \"10.90.0.1/33\": "
                    + "not a subnet such as 10.90.0.0/24, without a bit set behind the prefix",
                "Failed: plan refuses an address that is none: it was not refused",
                "Failed: attach connects a network namespace: there is no link eth0 in the network namespace",
            ],
            Failures(report));
    }

    [Fact]
    public void A_driver_that_leaves_a_link_behind_is_found_out()
    {
        var report = ConformanceRun.Of(_sandbox, _sandbox.AddPeer(PluginSandbox.AssemblyManifest("leaky", "LeakyDriver")));

        Assert.Contains("Failed: detach gives everything back: left behind: link leak", Failures(report));
        Assert.Contains("Failed: detach of an attachment that was called off: left behind: link leak", Failures(report));
        Assert.Contains("Failed: nothing is left on the host: left behind: link leak", Failures(report));
    }

    [Fact]
    public void A_process_that_does_not_end_is_found_out()
    {
        var script = ShellPeer.Script(ShellPeer.Echo) + "\nwhile true; do sleep 1; done\n";

        var report = ConformanceRun.Of(_sandbox, _sandbox.AddScript(PluginSandbox.ProcessManifest("odd", "run.sh"), script));

        Assert.Equal(
            "Failed: ends when it is told to: its process goes on 5 seconds after its standard input was closed",
            report.Checks[^1].ToString());
    }

    [Fact]
    public void A_process_that_does_not_start_is_tried_no_further()
    {
        var manifest = PluginSandbox.ProcessManifest("odd", "run.sh", changes: [("timeouts", new JsonObject { ["start"] = 0.3 })]);

        var report = Report(_sandbox.AddScript(manifest, "#!/bin/sh\nsleep 60\n"));

        Assert.Equal(
            "Failed: starts, and says hello, in time: plugin odd did not answer hello within 0.3 seconds", report.Checks[^1].ToString());
    }

    [Fact]
    public void What_is_wrong_with_plugin_json_is_the_last_line()
    {
        var folder = _sandbox.AddPeer(PluginSandbox.AssemblyManifest("odd", changes: [("contract", "2.0")]));

        var report = Report(folder);

        Assert.False(report.IsConforming);
        Assert.Equal(
            [
                "Passed: nobody else may write its files",
                "Failed: plugin.json: plugin.json of odd: contract: the plugin speaks 2.0, this engine 1.1",
            ],
            report.Checks.Select(check => check.ToString()));
    }

    [Fact]
    public void Files_that_others_may_write_are_the_first_line()
    {
        var folder = _sandbox.AddPeer(PluginSandbox.AssemblyManifest("odd"));
        File.SetUnixFileMode(folder, (UnixFileMode)0x1ff);

        Assert.StartsWith("Failed: nobody else may write its files: ", Assert.Single(Report(folder).Checks).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_that_is_not_there_is_refused_by_its_name()
    {
        using var host = new PluginHost(_sandbox.Paths);

        Assert.Throws<DriverException>(() => host.Test("odd"));
    }

    private static IEnumerable<string> Failures(ContainerPluginReport report) =>
        report.Checks.Where(check => check.Outcome == ContainerPluginOutcome.Failed).Select(check => check.ToString());

    // Of one that never gets as far as a network.
    private ContainerPluginReport Report(string folder)
    {
        using var host = new PluginHost(_sandbox.Paths);
        var report = host.Test(folder);
        Assert.True(!Directory.Exists(_sandbox.Paths.RunRoot) || Directory.GetFileSystemEntries(_sandbox.Paths.RunRoot).Length == 0);
        return report;
    }
}
