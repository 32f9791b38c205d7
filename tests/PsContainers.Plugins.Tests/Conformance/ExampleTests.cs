using System.Runtime.CompilerServices;

namespace PsContainers.Plugins.Tests.Conformance;

/// <summary>What a stranger would write with PLUGINS.md alone.</summary>
public sealed class ExampleTests : IDisposable
{
    private const string OfNetworks = "attach connects a network namespace";
    private const string OfVolumes = "the directory of createVolume can be written to";

    private static readonly string _examples = Path.GetFullPath(Path.Combine(OwnFolder(), "../../../examples"));
    private readonly PluginSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("ThirdPartyDriver", "routed", OfNetworks)]
    [InlineData("DriverSkeleton", "skeleton", OfNetworks)]
    [InlineData("ThirdPartyVolumeDriver", "pool", OfVolumes)]
    [InlineData("VolumeDriverSkeleton", "skeleton", OfVolumes)]
    public void A_driver_in_CSharp_keeps_to_the_contract(string project, string name, string check)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_sandbox.First, name)).FullName;
        PluginSandbox.CopyBuilt(project, folder);

        var report = ConformanceRun.Of(_sandbox, folder);

        AssertConforming(report, name, check);
        Assert.False(File.Exists(Path.Combine(folder, "PsContainers.Abstractions.dll")), "the contract was copied");
    }

    [Fact]
    public void The_modules_own_driver_keeps_to_the_contract_as_a_strangers_does()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_sandbox.First, "bridge")).FullName;
        PluginSandbox.CopyBuilt("PsContainers.Bridge", folder);

        AssertConforming(ConformanceRun.Of(_sandbox, folder), "bridge", OfNetworks);
    }

    [Theory]
    [InlineData("PythonDriver", "island", OfNetworks)]
    [InlineData("ImageVolumeDriver", "image", "files stay between two users")]
    public void A_driver_in_Python_keeps_to_the_contract(string example, string name, string check)
    {
        Assert.SkipUnless(name != "image" || File.Exists("/dev/loop-control"), "needs loop devices");
        var folder = Directory.CreateDirectory(Path.Combine(_sandbox.First, name)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(_examples, example)))
        {
            var copy = Path.Combine(folder, Path.GetFileName(file));
            File.Copy(file, copy);
            File.SetUnixFileMode(copy, File.GetUnixFileMode(file) & ~(UnixFileMode.GroupWrite | UnixFileMode.OtherWrite));
        }

        AssertConforming(ConformanceRun.Of(_sandbox, folder), name, check);
    }

    private static void AssertConforming(ContainerPluginReport report, string name, string check)
    {
        Assert.Equal(name, report.Name);
        Assert.True(report.IsConforming, string.Join('\n', report.Checks));
        Assert.Contains(report.Checks, tried => tried.Name == check && tried.Outcome == ContainerPluginOutcome.Passed);
        Assert.Equal("ends when it is told to", report.Checks[^1].Name);
    }

    private static string OwnFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
