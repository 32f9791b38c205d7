using PsContainers.Engine.Images;
using PsContainers.Engine.Runs;

namespace PsContainers.Engine.Tests.Images;

public sealed class RemoveImageTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly RemoveImage _remove;
    private readonly string _id = Sample.Image().Id;

    public RemoveImageTests()
    {
        var lookup = new ImageLookup(_sandbox.Images);
        var mounts = new ImageMounts(_sandbox.Paths);
        _remove = new RemoveImage(
            _sandbox.Images, lookup, _sandbox.Containers, _sandbox.Manifests, _sandbox.Reconciliation, _sandbox.Collection, mounts);
        _sandbox.Images.Put(Sample.Image("busybox", "docker.io/library/busybox:latest", "docker.io/library/busybox:1"));
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void One_name_of_several_goes_and_the_image_stays()
    {
        _remove.Execute("busybox");

        Assert.Equal(["docker.io/library/busybox:1"], _sandbox.Images.Find(_id)!.Names);
    }

    [Fact]
    public void With_its_last_name_goes_the_image()
    {
        _remove.Execute("busybox");
        _remove.Execute("busybox:1");

        Assert.Null(_sandbox.Images.Find(_id));
    }

    [Fact]
    public void By_its_id_an_image_with_several_names_goes_by_force_only()
    {
        var error = Assert.Throws<ContainerEngineException>(() => _remove.Execute(_id));
        Assert.Equal("ImageInUse", error.ErrorId);
        Assert.NotNull(_sandbox.Images.Find(_id));

        _remove.Execute(_id, force: true);

        Assert.Null(_sandbox.Images.Find(_id));
    }

    [Fact]
    public void The_image_of_a_stopped_container_goes_by_force_only()
    {
        var row = _sandbox.Add(Sample.Container());
        _sandbox.Images.RemoveName("docker.io/library/busybox:1");
        Assert.Equal("ImageInUse", Assert.Throws<ContainerEngineException>(() => _remove.Execute("busybox")).ErrorId);

        _remove.Execute("busybox", force: true);

        Assert.Empty(_sandbox.Images.All());
        Assert.NotNull(_sandbox.Images.Find(_id));
        _sandbox.Remains.Remove(row);
        Assert.Null(_sandbox.Images.Find(_id));
    }

    [Fact]
    public void The_image_of_a_running_container_never_goes()
    {
        var row = _sandbox.Add(Sample.Container() with { Status = ContainerStatus.Running, Boot = HostBoot.Id, Started = Sample.Time });
        _sandbox.Run(row.Id).WriteLiveState();

        var error = Assert.Throws<ContainerEngineException>(() => _remove.Execute(_id, force: true));

        Assert.Equal("ImageInUse", error.ErrorId);
        Assert.Contains("running container 'web'", error.Message, StringComparison.Ordinal);
        Assert.Single(_sandbox.Images.All());
    }

    [Fact]
    public void A_container_that_has_ended_meanwhile_does_not_keep_its_image()
    {
        var row = _sandbox.Add(Sample.Container() with
        {
            Status = ContainerStatus.Running,
            Boot = HostBoot.Id,
            Started = Sample.Time,
            RemoveOnExit = true,
        });
        _sandbox.Run(row.Id).WriteExit(0, Sample.Time);

        _remove.Execute(_id, force: true);

        Assert.Null(_sandbox.Images.Find(_id));
        Assert.Empty(_sandbox.Containers.All());
    }
}
