using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Processes;

/// <summary>The calls for volumes on their way to a process; what is the same for all calls is tried with those for networks.</summary>
public sealed class ProcessVolumeTests : IDisposable
{
    private const string Peer = "PsContainers.Plugins.RpcPeer";

    private readonly PluginSandbox _sandbox = new();
    private readonly PluginHost _host;

    public ProcessVolumeTests() => _host = new PluginHost(_sandbox.Paths);

    public void Dispose()
    {
        _host.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void A_driver_that_speaks_JSON_lines_serves_all_calls()
    {
        var driver = Shell("""
            *'"defineVolume","params":{"wanted":{"id":'*) volume=${line#*\"wanted\":}; answer "\"result\":${volume%??}" ;;
            *'"createVolume","params":{"volume":{"id":'*) answer '"result":{"state":"made"}' ;;
            *'"mountVolume","params":{"use":{"record":{"volume":'*'"result":{"state":"made"}},"userId":"bb'*)
                answer '"result":{"path":"/srv/data"}' ;;
            *'"unmountVolume","params":{"record":{"use":{'*'"result":{"path":"/srv/data"}'*) answer '"result":{}' ;;
            *'"removeVolume","params":{"record":{"volume":'*'"result":{"state":"made"}'*) answer '"result":{}' ;;
            """);

        var volume = driver.Define(Sample.Volume("none"));
        var result = driver.Create(volume, default);
        var use = Sample.Use(result: result);
        var mounted = driver.Mounter!.Mount(use, default);
        driver.Mounter.Unmount(new VolumeUseRecord { Use = use, Result = mounted }, default);
        driver.Remove(new VolumeRecord { Volume = volume, Result = result }, default);

        Assert.Equal(("data", "none"), (volume.Name, volume.Options["odd"]));
        Assert.Equal((null, "made", "/srv/data"), (result.Path, result.State, mounted.Path));
        Assert.NotNull(driver.ProcessId);
    }

    [Theory]
    [InlineData("exit 3", "plugin odd ended with code 3, before it answered createVolume")]
    [InlineData("sleep 60", "plugin odd did not answer createVolume within 1 seconds")]
    [InlineData("echo hello", "plugin odd answered createVolume with what is not JSON: hello")]
    [InlineData("answer '\"error\":{\"kind\":\"exhausted\",\"message\":\"no room\"}'", "no room")]
    [InlineData("answer '\"result\":null'", "plugin odd answered createVolume with null is not an object")]
    [InlineData("answer '\"result\":{\"path\":7}'", "plugin odd answered createVolume with path: 7 is not a text")]
    [InlineData("answer '\"result\":{\"path\":\"/srv/..\"}'",
        "plugin odd answered createVolume with path: \"/srv/..\": has a part that is empty, '.' or '..'")]
    [InlineData("answer '\"result\":{\"mountpoint\":\"/srv\"}'", "plugin odd answered createVolume with mountpoint: unknown member")]
    [InlineData("tr '\\0' x </dev/zero", "plugin odd wrote a line of more than 1048576 bytes, when it was asked to createVolume")]
    public void Whatever_a_process_does_is_one_exception_with_clear_words(string create, string message)
    {
        var driver = Shell($"*'\"createVolume\"'*) {create} ;;");

        var error = Assert.Throws<DriverException>(() => driver.Create(Sample.Volume(), default));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Options_that_an_answer_leaves_out_are_empty()
    {
        var driver = Shell($$"""*'"defineVolume"'*) answer '"result":{"id":"{{Sample.Id}}","name":"data","driver":"odd"}' ;;""");

        Assert.Empty(driver.Define(Sample.Volume()).Options);
    }

    [Fact]
    public void A_driver_that_speaks_a_version_without_volumes_is_refused()
    {
        var driver = Shell("", version: "1.0");

        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Volume()));

        Assert.Equal("plugin odd answered hello with contract: \"1.0\", and was asked to speak 1.1", error.Message);
    }

    [Fact]
    public void A_driver_that_speaks_StreamJsonRpc_serves_all_calls()
    {
        var driver = Rpc();

        var volume = driver.Define(Sample.Volume());
        var result = driver.Create(volume, default);
        var use = Sample.Use(result: result);
        var mounted = driver.Mounter!.Mount(use, default);
        driver.Mounter.Unmount(new VolumeUseRecord { Use = use, Result = mounted }, default);
        driver.Remove(new VolumeRecord { Volume = volume, Result = result }, default);
        var without = Assert.Throws<DriverException>(() => driver.Mounter.Unmount(new VolumeUseRecord { Use = use }, default));

        Assert.Equal(("/srv/data", "sb"), (mounted.Path, mounted.State));
        Assert.Equal("there is no result", without.Message);
    }

    [Theory]
    [InlineData("throw", "plugin odd failed in createVolume: a mistake of the driver", true)]
    [InlineData("wait", "plugin odd did not answer createVolume within 3 seconds", true)]
    [InlineData("up", "plugin odd answered createVolume with path: \"/srv/..\": has a part that is empty, '.' or '..'", true)]
    [InlineData("exit",
        "plugin odd ended with code 4, before it answered createVolume; its standard error ends: that was too much", false)]
    [InlineData("large", "plugin odd wrote more than 4194304 bytes at once, before it answered createVolume", false)]
    public void Whatever_a_StreamJsonRpc_driver_does_is_one_exception_too(string odd, string message, bool lives)
    {
        var driver = Rpc();
        driver.Define(Sample.Volume());
        var before = driver.ProcessId;

        var error = Assert.Throws<DriverException>(() => driver.Create(Sample.Volume(odd), default));
        driver.Define(Sample.Volume());

        Assert.Equal(message, error.Message);
        Assert.Equal(lives, before == driver.ProcessId);
    }

    [Fact]
    public void A_refusal_over_StreamJsonRpc_has_its_kind_and_field()
    {
        var error = Assert.Throws<DriverException>(() => Rpc().Define(Sample.Volume("refuse")));

        Assert.Equal(
            ("the option odd is odd", DriverErrorKind.InvalidRequest, "options.odd"), (error.Message, error.Kind, error.Field));
    }

    private static (string Member, JsonNode? Value)[] OfVolumes(double start, double create) =>
    [
        ("kinds", new JsonArray("volume")),
        ("capabilities", new JsonArray("mount")),
        ("timeouts", new JsonObject { ["start"] = start, ["createVolume"] = create }),
    ];

    private VolumePlugin Shell(string cases, string version = "1.1")
    {
        var hello = $$"""answer '"result":{"name":"odd","contract":"{{version}}"}'""";
        _sandbox.AddScript(
            PluginSandbox.ProcessManifest("odd", "run.sh", changes: OfVolumes(10, 1)), ShellPeer.Script("true", hello, cases: cases));
        return _host.VolumeDriver("odd");
    }

    private VolumePlugin Rpc()
    {
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName;
        var manifest = PluginSandbox.ProcessManifest(
            "odd", Peer, "streamjsonrpc",
            [.. OfVolumes(30, 3), ("environment", new JsonObject { ["DOTNET_ROOT"] = runtime })]);
        PluginSandbox.CopyBuilt(Peer, PluginSandbox.Add(_sandbox.First, "odd", manifest.ToJsonString()));
        return _host.VolumeDriver("odd");
    }
}
