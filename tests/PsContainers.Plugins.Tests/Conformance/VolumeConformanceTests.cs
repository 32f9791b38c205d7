using System.Text.Json.Nodes;
using PsContainers.Plugins.Tests.Docker;

namespace PsContainers.Plugins.Tests.Conformance;

public sealed class VolumeConformanceTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_driver_that_takes_everything_and_keeps_everything_is_found_out()
    {
        var report = ConformanceRun.Of(_sandbox, Add("OddVolumeDriver"));

        Assert.Equal(
            [
                "defineVolume refuses an option that it doesn't know", "removeVolume takes the files away",
                "removeVolume without the creation's result",
            ],
            Failures(report));
    }

    [Fact]
    public void A_driver_that_does_not_count_its_users_is_found_out()
    {
        var report = ConformanceRun.Of(_sandbox, Add("CarelessDriver", "mount"));

        Assert.Equal(
            [
                "unmountVolume of one user leaves the other's files", "files stay between two users",
                "unmountVolume of what was never mounted",
            ],
            Failures(report));
    }

    [Fact]
    public void A_driver_that_gives_each_user_other_files_is_found_out()
    {
        var report = ConformanceRun.Of(_sandbox, Add("GenerousDriver", "mount"));

        Assert.Equal(
            [
                "mountVolume can be repeated", "mountVolume shows two users the same files",
                "unmountVolume of one user leaves the other's files", "files stay between two users",
                "unmountVolume of what was never mounted", "removeVolume takes the files away",
            ],
            Failures(report));
    }

    [Fact]
    public void A_driver_without_a_directory_is_tried_no_further()
    {
        var report = ConformanceRun.Of(_sandbox, Add("MountingDriver", "mount", "nowhere"));

        Assert.Contains(report.Checks, check =>
            check.ToString().StartsWith("Failed: mountVolume shows a directory that can be written to: /run/volumes/psc-test-",
                StringComparison.Ordinal)
            && check.Message!.EndsWith(" is no directory", StringComparison.Ordinal));
        Assert.Contains(report.Checks, check =>
            check.ToString() == "Skipped: files stay between two users: no mount to try it with");
    }

    [Theory]
    [InlineData("odd.sock")]
    [InlineData("odd.spec")]
    public void A_plugin_of_Docker_is_tried_by_its_file(string name)
    {
        var file = Path.Combine(_sandbox.Root, "docker", name);
        using var peer = DockerPeer.Start(Path.Combine(_sandbox.Root, "peer"), file);

        var report = ConformanceRun.Of(_sandbox, file, isAlone: name == "odd.sock");

        Assert.Equal(("odd", file), (report.Name, report.Path));
        Assert.True(report.IsConforming, string.Join('\n', report.Checks));
        Assert.Equal(
            ["defineVolume refuses an option that it doesn't know", "the directory of createVolume can be written to"],
            report.Checks.Where(check => check.Outcome == ContainerPluginOutcome.Skipped).Select(check => check.Name));
        Assert.Empty(Directory.EnumerateFileSystemEntries(peer.Store));
    }

    private static IEnumerable<string> Failures(ContainerPluginReport report) =>
        report.Checks.Where(check => check.Outcome == ContainerPluginOutcome.Failed).Select(check => check.Name);

    private string Add(string type, string? capability = null, string? odd = null) =>
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("odd", type, [
            ("kinds", new JsonArray("volume")),
            ("timeouts", null),
            ("capabilities", capability is null ? new JsonArray() : new JsonArray(capability)),
            ("example", new JsonObject { ["options"] = odd is null ? new JsonObject() : new JsonObject { ["odd"] = odd } })]));
}
