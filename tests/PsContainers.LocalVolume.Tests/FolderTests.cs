using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.LocalVolume.Tests.Harness;

namespace PsContainers.LocalVolume.Tests;

/// <summary>Volumes that are folders of this host.</summary>
public sealed class FolderTests : IDisposable
{
    private readonly LocalHost _host = new();

    [Theory]
    [InlineData("", 0, 0, 0x1ed)]
    [InlineData("uid=1000 gid=50 mode=2770", 1000, 50, 0x5f8)]
    public void Folder_has_the_owner_and_the_mode_that_were_wanted(string options, int owner, int group, int mode)
    {
        var created = _host.Create(options);

        using (var folder = DirectoryDescriptor.Open(created.Result!.Path!))
        {
            var status = folder.Status;
            Assert.Equal(((uint)owner, (uint)group, mode), (status.UserId, status.GroupId, status.Mode));
        }

        Assert.Equal(Path.Combine(_host.Places, created.Volume.Id, "_data"), created.Result.Path);
        _host.Remove(created);
    }

    [Fact]
    public void Folder_is_never_mounted()
    {
        var created = _host.Create("");

        var error = Assert.Throws<DriverException>(() => _host.Mount(created));

        Assert.Contains("volume data: mount: it is a folder", error.Message, StringComparison.Ordinal);
        _host.Remove(created);
    }

    [Fact]
    public void Removal_does_not_follow_links_out_of_the_volume()
    {
        var created = _host.Create("");
        var outside = Path.Combine(_host.Sandbox.Devices, "outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "precious"), "a");
        Directory.CreateSymbolicLink(Path.Combine(created.Result!.Path!, "folder"), outside);
        File.CreateSymbolicLink(Path.Combine(created.Result!.Path!, "file"), Path.Combine(outside, "precious"));

        _host.Remove(created);

        Assert.Equal("a", File.ReadAllText(Path.Combine(outside, "precious")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_host.Places));
    }

    [Fact]
    public void Removal_takes_what_is_read_only_or_frozen_too()
    {
        var created = _host.Create("");
        var folder = Directory.CreateDirectory(Path.Combine(created.Result!.Path!, "folder"));
        var file = Path.Combine(folder.FullName, "file");
        File.WriteAllText(file, "a");
        var log = Path.Combine(folder.FullName, "log");
        File.WriteAllText(log, "a");
        File.SetUnixFileMode(file, UnixFileMode.None);
        LocalHost.Do("/usr/bin/chattr", "+a", log);
        LocalHost.Do("/usr/bin/chattr", "+i", file, folder.FullName);

        _host.Remove(created);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_host.Places));
    }

    [Fact]
    public void Removal_is_refused_while_something_is_mounted_in_the_volume()
    {
        var created = _host.Create("");
        var precious = Path.Combine(_host.Sandbox.Devices, "precious");
        File.WriteAllText(precious, "a");
        var inside = Directory.CreateDirectory(Path.Combine(created.Result!.Path!, "inside")).FullName;
        HostMount.Bind(_host.Sandbox.Devices, inside, HostMountFlags.None, isRecursive: false);

        var error = Assert.Throws<DriverException>(() => _host.Remove(created));

        Assert.Equal($"volume data: remove: something is mounted on {inside}; unmount it first", error.Message);
        Assert.Equal(DriverErrorKind.InUse, error.Kind);
        Assert.True(File.Exists(precious));
        HostMount.DetachAll(inside);
        _host.Remove(created);
        Assert.True(File.Exists(precious));
    }

    [Fact]
    public void Creation_that_fails_leaves_nothing()
    {
        var places = Directory.CreateDirectory(_host.Places).FullName;
        var volume = LocalHost.Wanted("");
        File.WriteAllText(Path.Combine(places, volume.Id), "a file where the folder is to be");
        LocalHost.Do("/usr/bin/chattr", "+i", places);

        var error = Assert.Throws<DriverException>(() => _host.Driver.Create(volume with { Id = new string('b', 64) }, default));

        LocalHost.Do("/usr/bin/chattr", "-i", places);
        Assert.StartsWith("volume data: create: ", error.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(places, volume.Id)], Directory.EnumerateFileSystemEntries(places));
        File.Delete(Path.Combine(places, volume.Id));
    }

    [Fact]
    public void Leftovers_of_killed_sessions_are_collected_by_the_next_call()
    {
        var volume = LocalHost.Wanted("");
        foreach (var name in new[] { $"{volume.Id}.new", $"{volume.Id}.gone" })
        {
            Directory.CreateDirectory(Path.Combine(_host.Places, name, "_data", "below"));
        }

        var created = _host.Create("");

        Assert.Equal([Path.Combine(_host.Places, volume.Id)], Directory.EnumerateFileSystemEntries(_host.Places));
        Directory.CreateDirectory(Path.Combine(_host.Places, $"{volume.Id}.gone"));
        _host.Remove(created);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_host.Places));
    }

    public void Dispose() => _host.Dispose();
}
