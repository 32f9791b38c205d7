using PsContainers.Engine;
using PsContainers.Kernel.Tests.Harness;
using PsContainers.Linux;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>Images at directories of the host.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class MountTests(TestHost host) : KernelTest(host)
{
    [Fact]
    public void Files_of_all_layers_are_shown_and_nobody_can_write()
    {
        var container = Wait(Start("rm /bin/sleep; echo new > /etc/new"));
        var image = Services.CommitContainer.Execute(container.Id, new ContainerCommit { Name = "two" });
        var path = Directory.CreateDirectory(Path.Join(Host.Scratch, "mounted, here: now")).FullName;

        var mount = Services.MountImage.Execute("two", path);

        Assert.Equal(("two:latest", image.Id, path), (mount.Image, mount.ImageId, mount.Path));
        Assert.Equal("new\n", File.ReadAllText(Path.Join(path, "etc/new")));
        Assert.True(File.Exists(Path.Join(path, "bin/busybox")));
        Assert.Null(FileIdentity.Of(Path.Join(path, "bin/sleep")));
        var refusal = Assert.Throws<IOException>(() => File.WriteAllText(Path.Join(path, "x"), ""));
        Assert.Contains("Read-only", refusal.Message, StringComparison.Ordinal);
        Services.DismountImage.ExecuteAt(path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
        Directory.Delete(path);
        Services.RemoveImage.Execute("two");
    }

    [Fact]
    public void Image_of_one_layer_is_mounted_too_and_mounts_are_counted()
    {
        var first = Services.MountImage.Execute("busybox");
        var second = Services.MountImage.Execute("busybox");

        Assert.Equal(first, second);
        Services.DismountImage.Execute("busybox");
        Assert.True(File.Exists(Path.Join(first.Path, "bin/busybox")));
        Services.DismountImage.Execute("busybox");
        Assert.False(Directory.Exists(first.Path));
        var error = Assert.Throws<ContainerEngineException>(() => Services.DismountImage.Execute("busybox"));
        Assert.Equal(("ImageNotMounted", "image 'busybox' is not mounted"), (error.ErrorId, error.Message));
    }

    [Fact]
    public void All_mounts_of_an_image_can_go_at_once()
    {
        var other = Directory.CreateDirectory(Path.Join(Host.Scratch, "other")).FullName;
        Services.MountImage.Execute("busybox");
        Services.MountImage.Execute("busybox", other);

        Services.DismountImage.Execute("busybox", all: true);

        Assert.DoesNotContain(MountInfo.OfSelf(), mount => mount.Source.StartsWith("pscontainers:", StringComparison.Ordinal));
        Directory.Delete(other);
    }

    [Fact]
    public void Mounted_image_is_not_removed_by_any_session()
    {
        var mount = Services.MountImage.Execute("busybox");
        using (var session = ContainerServices.Open(Host.Paths, Repository.Launcher))
        {
            var error = Assert.Throws<ContainerEngineException>(() => session.RemoveImage.Execute("busybox", force: true));
            Assert.Equal("ImageInUse", error.ErrorId);
            Assert.Contains($"is mounted at '{mount.Path}'", error.Message, StringComparison.Ordinal);
        }

        Services.DismountImage.ExecuteAt(mount.Path);
    }

    [Fact]
    public void Mount_that_is_in_use_goes_by_force_only()
    {
        var mount = Services.MountImage.Execute("busybox");
        using (File.OpenRead(Path.Join(mount.Path, "bin/busybox")))
        {
            var error = Assert.Throws<ContainerEngineException>(() => Services.DismountImage.Execute("busybox"));
            Assert.Equal("MountFailed", error.ErrorId);
            Assert.Contains("EBUSY", error.Message, StringComparison.Ordinal);

            Services.DismountImage.Execute("busybox", force: true);
        }

        Assert.False(Directory.Exists(mount.Path));
    }

    [Fact]
    public void Place_that_is_not_there_or_has_no_image_is_named()
    {
        var missing = Path.Join(Host.Scratch, "missing");

        Assert.Equal(
            "ImagePathNotFound", Assert.Throws<ContainerEngineException>(() => Services.MountImage.Execute("busybox", missing)).ErrorId);
        Assert.Equal(
            "ImageNotMounted", Assert.Throws<ContainerEngineException>(() => Services.DismountImage.ExecuteAt("/proc")).ErrorId);
    }
}
