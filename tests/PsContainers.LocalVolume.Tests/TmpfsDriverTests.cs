using PsContainers.Contracts;
using PsContainers.Drivers;
using PsContainers.LocalVolume.Tests.Harness;
using PsContainers.TmpfsVolume;

namespace PsContainers.LocalVolume.Tests;

/// <summary>What the tmpfs driver has beyond the contract.</summary>
public sealed class TmpfsDriverTests : IDisposable
{
    private static readonly string _user = new('1', 64);
    private readonly VolumeSandbox _sandbox = new();

    [Fact]
    public void Options_become_those_of_the_file_system()
    {
        var driver = new TmpfsVolumeDriver(_sandbox.Environment);
        var record = Record(driver, "size=64k mode=0750 uid=1000 gid=50 nr_inodes=12");

        var path = driver.Mount(new() { Record = record, UserId = _user }, default).Path;

        var mount = LocalHost.MountAt(path);
        Assert.Equal(("tmpfs", "rw,nosuid,nodev,relatime"), (mount.FileSystem, mount.Options));
        Assert.All(
            ["size=64k", "mode=750", "uid=1000", "gid=50", "nr_inodes=12"],
            word => Assert.Contains(word, mount.SuperOptions, StringComparison.Ordinal));
        Assert.Throws<IOException>(() => File.WriteAllBytes(Path.Combine(path, "large"), new byte[128 * 1024]));
        driver.Unmount(new() { Use = new() { Record = record, UserId = _user } }, default);
        driver.Remove(record, default);
    }

    [Theory]
    [InlineData("size=half")]
    [InlineData("nr_inodes=-1")]
    [InlineData("device=tmpfs")]
    public void What_is_wrong_is_refused_with_its_field(string options)
    {
        var wanted = LocalHost.Wanted(options);

        var error = Assert.Throws<DriverException>(() => new TmpfsVolumeDriver(_sandbox.Environment).Define(wanted));

        Assert.Equal($"options.{wanted.Options.Keys.Single()}", error.Field);
    }

    [Fact]
    public void Files_last_as_long_as_somebody_uses_them()
    {
        var driver = new TmpfsVolumeDriver(_sandbox.Environment);
        var record = Record(driver, "");
        var use = new VolumeUse { Record = record, UserId = _user };
        File.WriteAllText(Path.Combine(driver.Mount(use, default).Path, "fleeting"), "a");

        driver.Unmount(new() { Use = use }, default);

        Assert.Empty(Directory.EnumerateFileSystemEntries(driver.Mount(use, default).Path));
        driver.Unmount(new() { Use = use }, default);
        driver.Remove(record, default);
    }

    public void Dispose() => _sandbox.Dispose();

    private static VolumeRecord Record(TmpfsVolumeDriver driver, string options)
    {
        var volume = driver.Define(LocalHost.Wanted(options));
        return new() { Volume = volume, Result = driver.Create(volume, default) };
    }
}
