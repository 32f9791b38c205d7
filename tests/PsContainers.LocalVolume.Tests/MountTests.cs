using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.LocalVolume.Tests.Harness;

namespace PsContainers.LocalVolume.Tests;

/// <summary>Volumes that the driver mounts.</summary>
public sealed class MountTests : IDisposable
{
    private static readonly string _other = new('2', 64);
    private readonly LocalHost _host = new();

    [Fact]
    public void Memory_has_the_options_that_were_given_in_either_place()
    {
        var created = _host.Create("type=tmpfs device=tmpfs o=size=100k,uid=1000,noexec gid=50 mode=0700");

        Assert.Null(created.Result!.Path);
        var mount = LocalHost.MountAt(_host.Mount(created));

        Assert.Equal("tmpfs", mount.FileSystem);
        Assert.Contains("noexec", mount.Options, StringComparison.Ordinal);
        Assert.All(
            ["size=100k", "uid=1000", "gid=50", "mode=700"],
            word => Assert.Contains(word, mount.SuperOptions, StringComparison.Ordinal));
        _host.Unmount(created);
        _host.Remove(created);
    }

    [Fact]
    public void Image_is_a_loop_device_while_it_is_mounted()
    {
        var image = _host.Image();
        var created = _host.Create($"type=ext4 device={image} o=loop,nosuid");

        var path = _host.Mount(created);
        File.WriteAllText(Path.Combine(path, "kept"), "a");
        Assert.Contains(image, LocalHost.Do("/usr/sbin/losetup", "--list"), StringComparison.Ordinal);
        Assert.Contains("nosuid", LocalHost.MountAt(path).Options, StringComparison.Ordinal);
        _host.Unmount(created);

        Assert.DoesNotContain(image, LocalHost.Do("/usr/sbin/losetup", "--list"), StringComparison.Ordinal);
        Assert.Equal("a", File.ReadAllText(Path.Combine(_host.Mount(created), "kept")));
        _host.Unmount(created);
        _host.Remove(created);
    }

    [Fact]
    public void Block_device_is_mounted_as_it_is()
    {
        var image = _host.Image();
        using var device = LoopDevice.Attach(image, isReadOnly: false);
        var created = _host.Create($"type=ext4 device={device.Path} o=ro");

        var path = _host.Mount(created);

        Assert.Equal(device.Path, LocalHost.MountAt(path).Source);
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(path, "new"), "a"));
        _host.Unmount(created);
        _host.Remove(created);
    }

    [Fact]
    public void Bind_mount_shows_a_folder_with_what_restricts_it()
    {
        File.WriteAllText(Path.Combine(_host.Sandbox.Devices, "there"), "a");
        var created = _host.Create($"type=none device={_host.Sandbox.Devices} o=bind,ro,nodev,noatime");

        var path = _host.Mount(created);

        Assert.All(["ro", "nodev", "noatime"], word => Assert.Contains(word, LocalHost.MountAt(path).Options.Split(',')));
        Assert.Equal("a", File.ReadAllText(Path.Combine(path, "there")));
        _host.Unmount(created);
        _host.Remove(created);
        Assert.True(File.Exists(Path.Combine(_host.Sandbox.Devices, "there")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // by a session that was killed before the mount was private
    public void Unmounting_a_tree_leaves_the_shared_mounts_that_it_shows(bool isUnfinished)
    {
        var outer = Directory.CreateDirectory(Path.Combine(_host.Sandbox.Devices, "outer")).FullName;
        HostMount.Attach("tmpfs", "tmpfs", outer, HostMountFlags.None, "");
        LocalHost.Do("/usr/bin/mount", "--make-shared", outer);
        var inner = Directory.CreateDirectory(Path.Combine(outer, "inner")).FullName;
        HostMount.Attach("tmpfs", "tmpfs", inner, HostMountFlags.None, "");
        LocalHost.Do("/usr/bin/mount", "--make-shared", inner);
        File.WriteAllText(Path.Combine(inner, "deep"), "a");
        var created = _host.Create($"type=none device={outer} o=rbind,ro");

        var path = _host.Mount(created);
        Assert.Throws<IOException>(() => File.WriteAllText(Path.Combine(path, "inner/deep"), "b"));
        if (isUnfinished)
        {
            HostMount.DetachAll(path);
            LocalHost.Do("/usr/bin/mount", "--rbind", outer, path);
        }

        _host.Unmount(created);

        Assert.Equal("a", File.ReadAllText(Path.Combine(inner, "deep")));
        Assert.False(HostMount.IsMountPoint(path));
        HostMount.DetachAll(inner);
        HostMount.DetachAll(outer);
        _host.Remove(created);
    }

    [Fact]
    public void Mount_of_a_shared_run_folder_is_private_to_itself()
    {
        var run = _host.Sandbox.Environment.RunDirectory;
        HostMount.Bind(run, run, HostMountFlags.None, isRecursive: false);
        LocalHost.Do("/usr/bin/mount", "--make-shared", run);
        var created = _host.Create("type=tmpfs");

        var path = _host.Mount(created);

        var line = File.ReadLines("/proc/self/mountinfo").Single(line => line.Contains($" {path} ", StringComparison.Ordinal));
        Assert.DoesNotContain("shared:", line, StringComparison.Ordinal);
        _host.Unmount(created);
        HostMount.DetachAll(run);
        _host.Remove(created);
    }

    [Theory]
    [InlineData("type=nosuchfs device=x", "Unavailable", "No such device (ENODEV): this kernel does not know the file system nosuchfs")]
    [InlineData("type=ext4 device=/nowhere/sda", "Unavailable", "No such file or directory (ENOENT): there is no /nowhere/sda")]
    [InlineData("type=ext4 device=/etc/passwd", "Failed", "Block device required (ENOTBLK): /etc/passwd is not a block device")]
    [InlineData("type=none device=/nowhere o=bind", "Unavailable", "there is no /nowhere")]
    [InlineData("type=tmpfs o=password=hunter2,colour=blue", "Failed", "Invalid argument (EINVAL): tmpfs holds no file system tmpfs, or")]
    [InlineData("type=cifs device=//h/s o=addr=no.such.invalid,password=hunter2", "Unavailable", "the host 'no.such.invalid' of addr=")]
    [InlineData("type=ext4 device=/nowhere o=loop,password=hunter2", "Failed", "/nowhere can't be a loop device: open(/nowhere)")]
    public void Failure_says_why_and_keeps_secrets_and_leaves_nothing(string options, string kind, string reason)
    {
        var created = _host.Create(options);
        var before = _host.Sandbox.Picture();

        var error = Assert.Throws<DriverException>(() => _host.Mount(created));

        Assert.StartsWith("volume data: mount: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(kind, error.Kind.ToString());
        Assert.Equal(before, _host.Sandbox.Picture());
        _host.Remove(created);
    }

    [Fact]
    public void Mount_without_users_was_a_killed_sessions_and_is_made_anew()
    {
        var created = _host.Create("type=tmpfs");
        var path = _host.Mount(created);
        File.WriteAllText(Path.Combine(path, "old"), "a");
        Directory.Delete($"{path}.users", recursive: true);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_host.Mount(created)));

        Directory.Delete($"{path}.users", recursive: true);
        _host.Unmount(created);
        _host.Remove(created);
    }

    [Fact]
    public void Users_of_an_earlier_run_of_the_kernel_do_not_count()
    {
        var created = _host.Create("type=tmpfs");
        var path = _host.Mount(created);
        HostMount.DetachAll(path);
        File.WriteAllText(Path.Combine($"{path}.users", LocalHost.User), "another boot");

        _host.Mount(created, _other);
        Assert.True(HostMount.IsMountPoint(path));
        _host.Unmount(created, _other);

        Assert.False(HostMount.IsMountPoint(path));
        _host.Remove(created);
    }

    [Fact]
    public void Mount_that_somebody_took_off_is_made_again()
    {
        var created = _host.Create("type=tmpfs");
        var path = _host.Mount(created);
        HostMount.DetachAll(path);

        _host.Mount(created, _other);
        Assert.True(HostMount.IsMountPoint(path));
        _host.Unmount(created, _other);
        Assert.True(HostMount.IsMountPoint(path));
        _host.Unmount(created);

        _host.Remove(created);
    }

    [Fact]
    public void Volume_is_unmounted_though_somebody_has_a_file_of_it_open()
    {
        var created = _host.Create("type=tmpfs");
        var path = _host.Mount(created);
        using (File.Create(Path.Combine(path, "open")))
        {
            _host.Unmount(created);
        }

        Assert.False(HostMount.IsMountPoint(path));
        _host.Remove(created);
    }

    [Fact]
    public void Removal_takes_off_what_users_left_whom_the_engine_lost()
    {
        var created = _host.Create("type=tmpfs");
        var path = _host.Mount(created);

        _host.Remove(created);

        Assert.False(HostMount.IsMountPoint(path));
    }

    [Fact]
    public void Canceled_mount_leaves_nothing()
    {
        var created = _host.Create("type=tmpfs");
        var before = _host.Sandbox.Picture();

        Assert.Throws<OperationCanceledException>(
            () => _host.Driver.Mount(new() { Record = created, UserId = LocalHost.User }, new CancellationToken(canceled: true)));

        Assert.Equal(before, _host.Sandbox.Picture());
        _host.Remove(created);
    }

    public void Dispose() => _host.Dispose();
}
