using PsContainers.Drivers;

namespace PsContainers.Plugins.Tests.Docker;

public sealed class DockerVolumeTests : IDisposable
{
    private readonly DockerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("sockets/odd.sock")]
    [InlineData("sockets/odd/odd.sock")]
    [InlineData("specs/odd.spec")]
    [InlineData("specs/odd.json")]
    public void A_plugin_serves_all_calls_wherever_it_listens(string file)
    {
        using var peer = _sandbox.Start(file);
        var driver = _sandbox.Driver();

        var volume = driver.Define(Sample.Volume("none"));
        var made = new VolumeRecord { Volume = volume, Result = driver.Create(volume, default) };
        var use = new VolumeUse { Record = made, UserId = new string('b', 64) };
        var mounted = driver.Mounter!.Mount(use, default);
        File.WriteAllText(Path.Combine(mounted.Path, "file"), "content");
        driver.Mounter.Unmount(new VolumeUseRecord { Use = use, Result = mounted }, default);
        var isMounted = Directory.Exists(mounted.Path);
        var isKept = File.Exists(Path.Combine(peer.Store, "data/file"));
        driver.Remove(made, default);

        Assert.Null(made.Result.Path);
        Assert.Equal("created", made.Result.State);
        Assert.Equal((false, true, false), (isMounted, isKept, Directory.Exists(Path.Combine(peer.Store, "data"))));
        Assert.Contains("/VolumeDriver.Create application/vnd.docker.plugins.v1.1+json {\"Name\":\"data\",\"Opts\":{\"odd\":\"none\"}}",
            peer.Calls);
        Assert.Contains($"/VolumeDriver.Mount application/vnd.docker.plugins.v1.1+json {{\"Name\":\"data\",\"ID\":\"{use.UserId}\"}}",
            peer.Calls);
    }

    [Fact]
    public void Nothing_is_asked_before_a_driver_is_used_and_a_definition_changes_nothing()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        var before = peer.Calls.Count;

        driver.Define(Sample.Volume());

        Assert.Equal(0, before);
        Assert.StartsWith("/Plugin.Activate ", Assert.Single(peer.Calls), StringComparison.Ordinal);
    }

    [Fact]
    public void A_creation_that_comes_again_changes_nothing()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();

        var first = driver.Create(Sample.Volume("none"), default);
        var second = driver.Create(Sample.Volume("none"), default);

        Assert.Equal(first, second);
        Assert.Equal(1, peer.Count("VolumeDriver.Create"));
    }

    [Fact]
    public void Users_are_counted_once_each()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        driver.Create(Sample.Volume(), default);
        var (one, other) = (Sample.Use(), Sample.Use() with { UserId = new string('c', 64) });
        var never = Sample.Use() with { UserId = new string('d', 64) };

        var path = driver.Mounter!.Mount(one, default).Path;
        var again = driver.Mounter.Mount(one, default).Path;
        driver.Mounter.Mount(other, default);
        driver.Mounter.Unmount(new VolumeUseRecord { Use = one }, default);
        driver.Mounter.Unmount(new VolumeUseRecord { Use = one }, default);
        driver.Mounter.Unmount(new VolumeUseRecord { Use = never }, default);
        var isMounted = Directory.Exists(path);
        driver.Mounter.Unmount(new VolumeUseRecord { Use = other }, default);

        Assert.Equal(path, again);
        Assert.Equal((true, false), (isMounted, Directory.Exists(path)));
        Assert.Equal((2, 2), (peer.Count("VolumeDriver.Mount"), peer.Count("VolumeDriver.Unmount")));
    }

    [Fact]
    public void A_volume_that_is_there_is_adopted_and_stays_when_it_is_removed()
    {
        using var peer = _sandbox.Start();
        Directory.CreateDirectory(Path.Combine(peer.Store, "data/theirs"));
        var driver = _sandbox.Driver();

        var result = driver.Create(Sample.Volume(), default);
        driver.Remove(Sample.Record(result: result), default);

        Assert.Equal("adopted", result.State);
        Assert.True(Directory.Exists(Path.Combine(peer.Store, "data/theirs")));
        Assert.Equal((0, 0), (peer.Count("VolumeDriver.Create"), peer.Count("VolumeDriver.Remove")));
    }

    [Fact]
    public void A_volume_that_is_there_is_not_adopted_with_other_options()
    {
        using var peer = _sandbox.Start();
        Directory.CreateDirectory(Path.Combine(peer.Store, "data"));

        var error = Assert.Throws<DriverException>(() => _sandbox.Driver().Create(Sample.Volume("none"), default));

        Assert.Equal(
            "plugin odd has a volume data already, whose options can't be changed: leave them out to use it as it is", error.Message);
    }

    [Fact]
    public void A_name_belongs_to_one_volume_also_after_that_got_another_name()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        driver.Create(Sample.Volume(), default);
        var second = Sample.Volume() with { Id = new string('e', 64) };

        var define = Assert.Throws<DriverException>(() => driver.Define(second));
        var create = Assert.Throws<DriverException>(() => driver.Create(second, default));
        driver.Remove(new VolumeRecord { Volume = second }, default);
        var isKept = Directory.Exists(Path.Combine(peer.Store, "data"));
        driver.Remove(Sample.Record(), default);
        driver.Create(second, default);

        Assert.Equal($"the volume data of plugin odd belongs to the volume with the id {Sample.Id}, which had that name when it was made",
            define.Message);
        Assert.Equal(define.Message, create.Message);
        Assert.True(isKept);
    }

    [Fact]
    public void A_removal_may_come_twice_and_without_a_result_and_of_what_is_gone()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        driver.Remove(Sample.Record(), default);
        driver.Create(Sample.Volume(), default);
        driver.Remove(Sample.Record(), default);
        driver.Remove(Sample.Record(), default);
        driver.Create(Sample.Volume(), default);
        Directory.Delete(Path.Combine(peer.Store, "data"));

        driver.Remove(Sample.Record(), default);

        Assert.Equal(2, peer.Count("VolumeDriver.Remove"));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_sandbox.Paths.StateRoot, "odd/volumes")));
    }

    [Fact]
    public void What_a_plugin_refuses_to_create_is_not_claimed()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        var wrong = Sample.Volume() with { Options = new Dictionary<string, string> { ["unknown"] = "1" } };

        var error = Assert.Throws<DriverException>(() => driver.Create(wrong, default));
        var other = driver.Create(Sample.Volume() with { Id = new string('e', 64) }, default);

        Assert.Equal("plugin odd: VolumeDriver.Create: there is no option unknown", error.Message);
        Assert.Equal("created", other.State);
    }

    [Fact]
    public void A_failed_removal_is_told_and_may_be_tried_again()
    {
        using var peer = _sandbox.Start();
        var driver = _sandbox.Driver();
        var volume = Sample.Volume() with { Name = "remove-fail" };
        driver.Create(volume, default);

        var error = Assert.Throws<DriverException>(() => driver.Remove(new VolumeRecord { Volume = volume }, default));
        Assert.Throws<DriverException>(() => driver.Remove(new VolumeRecord { Volume = volume }, default));

        Assert.Equal("plugin odd: VolumeDriver.Remove: no room left", error.Message);
        Assert.Equal(2, peer.Count("VolumeDriver.Remove"));
    }
}
