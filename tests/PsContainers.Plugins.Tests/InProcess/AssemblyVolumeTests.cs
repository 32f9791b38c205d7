using System.Text.Json.Nodes;
using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.InProcess;

public sealed class AssemblyVolumeTests : IDisposable
{
    private readonly PluginSandbox _sandbox = new();
    private readonly PluginHost _host;

    public AssemblyVolumeTests() => _host = new PluginHost(_sandbox.Paths);

    public void Dispose()
    {
        _host.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void A_driver_whose_volumes_lie_open_is_asked_for_no_mount()
    {
        var driver = Driver("OddVolumeDriver");

        var volume = driver.Define(Sample.Volume("none"));
        var result = driver.Create(volume, default);
        driver.Remove(new VolumeRecord { Volume = volume, Result = result }, default);

        Assert.Equal(("odd", "data", "none"), (driver.Name, volume.Name, volume.Options["odd"]));
        Assert.Equal((Path.Combine(_sandbox.Paths.StateRoot, "odd"), "s"), (result.Path, result.State));
        Assert.Null(driver.Mounter);
    }

    [Fact]
    public void A_driver_with_the_capability_mounts_for_each_user()
    {
        var driver = Driver("MountingDriver", "mount");

        var result = driver.Create(Sample.Volume("nowhere"), default);
        var mounted = driver.Mounter!.Mount(Sample.Use(result: new() { State = "kept" }), default);
        driver.Mounter.Unmount(new VolumeUseRecord { Use = Sample.Use(), Result = mounted }, default);

        Assert.Null(result.Path);
        Assert.Equal(("/run/volumes/data", "kept"), (mounted.Path, mounted.State));
    }

    [Theory]
    [InlineData("refuse", "the option odd is odd")]
    [InlineData("throw", "plugin odd failed in defineVolume: InvalidOperationException: a mistake of the driver")]
    [InlineData("rename", "plugin odd answered defineVolume with name: \"another\": was \"data\", and may not change")]
    [InlineData("null", "plugin odd answered defineVolume with nothing")]
    [InlineData("hang", "plugin odd did not end defineVolume within 0.5 seconds and goes on in this process")]
    public void Whatever_a_driver_does_is_one_exception_with_clear_words(string odd, string message)
    {
        var driver = Driver("OddVolumeDriver");

        var error = Assert.Throws<DriverException>(() => driver.Define(Sample.Volume(odd)));

        Assert.Equal(message, error.Message);
        Assert.Equal("data", driver.Define(Sample.Volume()).Name);
    }

    [Theory]
    [InlineData("nowhere", "path: missing, and the plugin has not the capability mount")]
    [InlineData("state", "state: 65537 bytes, more than 65536")]
    [InlineData("up", "has a part that is empty, '.' or '..'")]
    public void A_creation_that_is_none_is_refused(string odd, string reason)
    {
        var error = Assert.Throws<DriverException>(() => Driver("OddVolumeDriver").Create(Sample.Volume(odd), default));

        Assert.StartsWith("plugin odd answered createVolume with ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mount_elsewhere_than_on_the_host_is_refused()
    {
        var error = Assert.Throws<DriverException>(() => Driver("MountingDriver", "mount").Mounter!.Mount(Sample.Use("relative"), default));

        Assert.Equal("plugin odd answered mountVolume with path: \"volumes/data\": not an absolute path", error.Message);
    }

    [Fact]
    public void A_driver_that_can_not_unmount_says_why()
    {
        var record = new VolumeUseRecord { Use = Sample.Use("busy") };

        var error = Assert.Throws<DriverException>(() => Driver("MountingDriver", "mount").Mounter!.Unmount(record, default));

        Assert.Equal(("it is busy", DriverErrorKind.InUse), (error.Message, error.Kind));
    }

    [Fact]
    public void A_caller_that_cancels_comes_back()
    {
        var driver = Driver("OddVolumeDriver");
        using var canceled = new CancellationTokenSource(100);

        Assert.Throws<OperationCanceledException>(() => driver.Create(Sample.Volume("obey"), canceled.Token));
    }

    [Fact]
    public void A_driver_that_obeys_ends_when_its_time_is_over()
    {
        var error = Assert.Throws<DriverException>(() => Driver("OddVolumeDriver").Create(Sample.Volume("obey"), default));

        Assert.Equal("plugin odd did not end createVolume within 0.5 seconds", error.Message);
    }

    [Theory]
    [InlineData("OddDriver", "volume", "", "is no public IVolumeDriver with")]
    [InlineData("OddVolumeDriver", "network", "", "is no public INetworkDriver with")]
    [InlineData("OddVolumeDriver", "volume", "mount", "is no IVolumeMounter, against its plugin.json (capabilities)")]
    public void A_type_without_the_interface_is_refused(string type, string kind, string capability, string reason)
    {
        Add(type, [kind], capability.Length == 0 ? [] : [capability]);

        var error = Assert.Throws<DriverException>(() => kind == "volume"
            ? (object)_host.VolumeDriver("odd").Define(Sample.Volume())
            : _host.NetworkDriver("odd").Define(Sample.Network(), []));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_for_both_is_one_object()
    {
        Add("VersatileDriver", ["network", "volume"]);

        _host.NetworkDriver("odd").Define(Sample.Network(), []);
        var volume = _host.VolumeDriver("odd").Define(Sample.Volume());

        Assert.Equal("1", volume.Options["networks"]);
    }

    [Fact]
    public void A_plugin_for_the_other_kind_is_refused_with_those_of_the_right_one()
    {
        Add("OddVolumeDriver", ["volume"]);
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("blue"));

        var network = Assert.Throws<DriverException>(() => _host.NetworkDriver("odd"));
        var volume = Assert.Throws<DriverException>(() => _host.VolumeDriver("blue"));
        _host.NetworkDriver("blue");
        var opened = Assert.Throws<DriverException>(() => _host.VolumeDriver("blue"));
        var unknown = Assert.Throws<DriverException>(() => _host.VolumeDriver("red"));

        Assert.Equal("the plugin odd has no network driver; there are: blue", network.Message);
        Assert.Equal("the plugin blue has no volume driver; there are: odd", volume.Message);
        Assert.Equal(volume.Message, opened.Message);
        Assert.Equal("there is no volume driver red; there are: odd", unknown.Message);
    }

    [Fact]
    public void Each_kind_has_a_default_of_its_own()
    {
        Assert.Throws<DriverException>(() => _host.DefaultVolumeDriver);
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("alpha", changes: [("isDefault", true)]));
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest(
            "beta", "OddVolumeDriver", ("kinds", new JsonArray("volume")), ("isDefault", true)));

        Assert.Equal(("alpha", "beta"), (_host.DefaultNetworkDriver, _host.DefaultVolumeDriver));
    }

    private VolumePlugin Driver(string type, params string[] capabilities)
    {
        Add(type, ["volume"], capabilities);
        return _host.VolumeDriver("odd");
    }

    private void Add(string type, string[] kinds, params string[] capabilities) =>
        _sandbox.AddPeer(PluginSandbox.AssemblyManifest("odd", type, [
            ("kinds", Texts(kinds)),
            ("capabilities", Texts(capabilities)),
            ("timeouts", new JsonObject { ["defineVolume"] = 0.5, ["createVolume"] = 0.5 })]));

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
