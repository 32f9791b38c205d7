using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Limits;

/// <summary>How much a container may write into its own layer.</summary>
public sealed class StorageLimitTests(TestHost host) : KernelTest(host)
{
    private const int Mebibyte = 1 << 20;

    private const string Script =
        "head -c 3145728 /dev/zero > /a && echo fits; head -c 8388608 /dev/zero > /b || echo full; mv /a /etc/c && echo moved";

    [Fact]
    public void Limit_that_the_file_system_cannot_hold_is_refused_with_what_it_lacks()
    {
        Assert.SkipWhen(ProjectQuota.Refusal(Host.Paths.Containers) is null, "the disk of this machine has project quotas");

        var error = Assert.Throws<ContainerEngineException>(() => Run("true", creation => creation with { StorageSize = Mebibyte }));

        Assert.Equal("InvalidStorageSize", error.ErrorId);
        Assert.Contains(ProjectQuota.Refusal(Host.Paths.Containers)!, error.Message, StringComparison.Ordinal);
        Assert.Empty(Services.GetContainers.Execute());
    }

    [Fact]
    public void Container_writes_what_it_may_and_no_more_also_after_a_restart()
    {
        var disk = Path.Join(Host.Scratch, "disk");
        var place = Directory.CreateDirectory(Path.Join(Host.Scratch, "place")).FullName;
        using (var file = File.Create(disk))
        {
            file.SetLength(256L * Mebibyte);
        }

        HostCommand.Run("/sbin/mkfs.ext4", "-q", "-O", "project,quota", "-E", "quotatype=prjquota", disk).Text();
        Mount(disk, place);
        try
        {
            WriteInside(place);
        }
        finally
        {
            HostMount.DetachAll(place);
            File.Delete(disk);
            Directory.Delete(place);
        }
    }

    private static void Mount(string disk, string place)
    {
        var result = HostCommand.Run("/bin/mount", "-o", "loop,prjquota", disk, place);
        Assert.SkipWhen(result.ExitCode != 0, $"this kernel mounts no ext4 with project quotas: {result.Error.Split('\n')[0]}");
        if (ProjectQuota.Refusal(place) is { } refusal)
        {
            HostMount.DetachAll(place);
            Assert.Skip(refusal);
        }
    }

    private void WriteInside(string place)
    {
        var paths = new EnginePaths(Path.Join(place, "root"), Host.Paths.Run + "-limited");
        using var services = ContainerServices.Open(paths, Repository.Launcher);
        services.ImportImage.Execute(new ImageImport { Path = Host.BusyboxRoot, RootFileSystem = true, Name = "busybox" });
        var container = services.CreateContainer.Execute(Creation(
            ["sh", "-c", Script], creation => creation with { StorageSize = 8 * Mebibyte, RemoveOnExit = false }));
        for (var run = 0; run < 2; run++)
        {
            services.StartContainer.Execute(container.Id);
            services.WaitContainer.Execute(container.Id, TimeSpan.FromMinutes(1));
        }

        Assert.Equal(
            ["fits", "full", "moved", "full"],
            services.ReadLog.Execute(container.Id, new LogQuery()).Where(line => line.Stream == OutputStream.StandardOutput)
                .Select(line => line.Text).Take(4));
        services.RemoveContainer.Execute(container.Id);
        Assert.Empty(Directory.EnumerateFileSystemEntries(paths.Containers));
        Directory.Delete(paths.Run, recursive: true);
    }
}
