using System.Diagnostics;
using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.LocalVolume.Tests.Harness;

namespace PsContainers.LocalVolume.Tests;

/// <summary>How much a folder may hold.</summary>
public sealed class QuotaTests : IDisposable
{
    private const int Mebibyte = 1 << 20;
    private readonly LocalHost _host = new();

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Folder_holds_what_it_may_and_no_more(string type)
    {
        using var disk = new QuotaDisk(_host, type);
        var created = disk.Create("size=4m");
        var path = created.Result!.Path!;
        Write(Path.Combine(path, "fits"), 3);

        var error = Assert.Throws<IOException>(() => Write(Path.Combine(Directory.CreateDirectory($"{path}/below").FullName, "large"), 8));
        Write(Path.Combine(disk.Root, "beside"), 8);
        var usage = ProjectQuota.Usage(path)!.Value;

        Assert.Matches("Disk quota exceeded|No space left", error.Message);
        Assert.Equal(4 * Mebibyte, usage.Limit);
        Assert.InRange(usage.Used, 3 * Mebibyte, 4 * Mebibyte);
        disk.Driver.Remove(created, default);
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Removal_gives_the_project_back(string type)
    {
        using var disk = new QuotaDisk(_host, type);
        var created = disk.Create("size=4m");
        var project = QuotaDisk.ProjectOf(created.Result!.Path!);
        Write(Path.Combine(created.Result!.Path!, "file"), 1);
        Assert.Equal(4 * Mebibyte, disk.Quota(project).Limit);

        disk.Driver.Remove(created, default);

        LocalHost.Do("/usr/bin/sync");
        Assert.Equal((0, 0), disk.Quota(project));
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Sessions_at_once_choose_different_projects(string type)
    {
        using var disk = new QuotaDisk(_host, type);
        var records = "0123456789abcdef".AsParallel().WithDegreeOfParallelism(4).Select(digit => disk.Create("size=1m", digit)).ToList();

        var projects = records.Select(record => QuotaDisk.ProjectOf(record.Result!.Path!)).ToList();

        Assert.Equal(records.Count, projects.Distinct().Count());
        Assert.All(projects, project => Assert.Equal(Mebibyte, disk.Quota(project).Limit));
        records.ForEach(record => disk.Driver.Remove(record, default));
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Project_of_somebody_else_above_is_left_alone(string type)
    {
        using var disk = new QuotaDisk(_host, type);
        disk.SetProject(disk.Environment.StateDirectory, 7);

        var created = disk.Create("size=4m");

        var project = QuotaDisk.ProjectOf(created.Result!.Path!);
        Assert.NotEqual(7u, project);
        Assert.Equal(0, disk.Quota(7).Limit);
        disk.Driver.Remove(created, default);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(disk.Environment.StateDirectory, "volumes")));
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Limit_can_be_changed_and_taken_away(string type)
    {
        using var disk = new QuotaDisk(_host, type);
        var layer = Directory.CreateDirectory(Path.Combine(disk.Root, "layer")).FullName;
        ProjectQuota.Limit(layer, Mebibyte);
        Assert.Throws<IOException>(() => Write($"{layer}/file", 3));

        ProjectQuota.Limit(layer, 4 * Mebibyte);
        Write($"{layer}/file", 3);
        ProjectQuota.Release(layer);
        ProjectQuota.Release(layer);
        Write($"{layer}/more", 8);

        Assert.Null(ProjectQuota.Usage(layer));
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void Directory_with_files_is_not_limited(string type)
    {
        using var disk = new QuotaDisk(_host, type);
        var layer = Directory.CreateDirectory(Path.Combine(disk.Root, "layer")).FullName;
        Write($"{layer}/file", 1);

        var error = Assert.Throws<IOException>(() => ProjectQuota.Limit(layer, Mebibyte));

        Assert.Contains($"{layer} is not empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_system_without_quotas_is_named_with_what_it_lacks()
    {
        var memory = Directory.CreateDirectory(Path.Combine(_host.Sandbox.Devices, "memory")).FullName;
        HostMount.Attach("tmpfs", "tmpfs", memory, HostMountFlags.None, "");
        var driver = new LocalVolumeDriver(_host.Sandbox.Environment with { StateDirectory = $"{memory}/state" });

        var error = Assert.Throws<DriverException>(() => driver.Define(LocalHost.Wanted("size=1m")));
        Assert.Throws<DriverException>(() => driver.Create(LocalHost.Wanted("size=1m"), default));

        Assert.Equal(
            $"volume data: the file system of {memory} (tmpfs on {memory}) can't limit a directory: it has no project quotas, as ext4 with "
            + "the mount option prjquota and xfs with pquota have",
            error.Message);
        Assert.Equal((DriverErrorKind.Unsupported, "options.size"), (error.Kind, error.Field));
        Assert.Empty(Directory.EnumerateFileSystemEntries(memory));
        HostMount.DetachAll(memory);
    }

    [Fact]
    public void Ext4_without_the_feature_is_told_how_to_get_it()
    {
        var image = _host.Image();
        var disk = Directory.CreateDirectory(Path.Combine(_host.Sandbox.Devices, "disk")).FullName;
        using (var device = LoopDevice.Attach(image, isReadOnly: false))
        {
            HostMount.Attach("ext4", device.Path, disk, HostMountFlags.None, "");
        }

        var refusal = ProjectQuota.Refusal(disk);

        HostMount.DetachAll(disk);
        Assert.Contains(
            "(tune2fs -O project,quota -Q prjquota), or is mounted without the option prjquota", refusal, StringComparison.Ordinal);
    }

    public void Dispose() => _host.Dispose();

    // As a container does, without the capability with which ext4 lets a process go beyond every limit.
    private static void Write(string path, int mebibytes)
    {
        const string without = "--bounding-set=-sys_resource";
        using var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/setpriv", [without, "/usr/bin/dd", "if=/dev/zero", $"of={path}", "bs=1M", $"count={mebibytes}", "conv=fsync"])
        {
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException(error);
        }
    }
}
