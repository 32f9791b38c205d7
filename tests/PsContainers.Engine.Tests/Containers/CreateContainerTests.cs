using PsContainers.Engine.Containers;
using PsContainers.Engine.Images;
using PsContainers.Engine.Networks;

namespace PsContainers.Engine.Tests.Containers;

public sealed class CreateContainerTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly CreateContainer _create;
    private readonly ContainerCreation _creation = new() { Image = "busybox" };

    public CreateContainerTests()
    {
        _sandbox.Images.Put(Sample.Image("busybox", "docker.io/library/busybox:latest"));
        _create = new CreateContainer(
            _sandbox.Paths, _sandbox.Model, new ImageLookup(_sandbox.Images), _sandbox.Containers, _sandbox.Locks,
            new NetworkLookup(_sandbox.Networks, _sandbox.Drivers),
            _sandbox.MountSelection);
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void A_container_is_made_of_image_and_request()
    {
        var container = _create.Execute(_creation with { Name = "web", Labels = new Dictionary<string, string> { ["a"] = "b" } });

        Assert.Equal(("web", "busybox", Sample.Image().Id), (container.Name, container.Image, container.ImageId));
        Assert.Equal((ContainerStatus.Created, null, null), (container.Status, container.Started, container.ProcessId));
        Assert.Equal(["sh"], container.Command);
        Assert.Equal("/bin", container.Environment["PATH"]);
        Assert.Equal("b", container.Labels["a"]);
        Assert.Equal(DateTimeKind.Local, container.Created.Kind);
        Assert.Equal(container.Id[..12], container.Hostname);
        Assert.Equal(container.Id, _sandbox.Containers.FindByName("web")!.Id);
    }

    [Fact]
    public void Nothing_but_a_row_is_made()
    {
        _create.Execute(_creation);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Containers));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Locks));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        _create.Execute(_creation with { Name = "web" });

        var error = Assert.Throws<ContainerEngineException>(() => _create.Execute(_creation with { Name = "web" }));

        Assert.Equal(("ContainerNameInUse", "web"), (error.ErrorId, error.Target));
        Assert.Single(_sandbox.Containers.All());
    }

    [Fact]
    public void A_container_that_is_to_be_started_is_locked_before_anybody_sees_it()
    {
        var draft = _create.Describe(_creation with { Name = "web" }, ContainerStatus.Created);

        using (_create.InsertLocked(draft, _creation, out var row, TestContext.Current.CancellationToken))
        {
            Assert.Equal("web", _sandbox.Containers.Find(row.Id)!.Name);
            Assert.Null(_sandbox.Locks.TryAcquire(row.Id));
        }

        using var free = _sandbox.Locks.TryAcquire(draft.Row.Id);
        Assert.NotNull(free);
    }

    [Fact]
    public void A_name_that_is_taken_leaves_no_lock()
    {
        _create.Execute(_creation with { Name = "web" });
        var creation = _creation with { Name = "web" };
        var draft = _create.Describe(creation, ContainerStatus.Created);

        Assert.Throws<ContainerEngineException>(
            () => _create.InsertLocked(draft, creation, out _, TestContext.Current.CancellationToken));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Locks));
    }

    [Fact]
    public void A_generated_name_that_is_taken_is_generated_again()
    {
        var first = _create.Describe(_creation, ContainerStatus.Created);
        var second = _create.Describe(_creation, ContainerStatus.Created);
        second = second with { Row = second.Row with { Name = first.Row.Name } };

        _create.Insert(first, _creation);
        var inserted = _create.Insert(second, _creation);

        Assert.NotEqual(first.Row.Name, inserted.Name);
        Assert.Equal(second.Row.Id, _sandbox.Containers.FindByName(inserted.Name)!.Id);
    }

    [Theory]
    [InlineData("debian", "ImageNotFound")]
    [InlineData("", "ImageNotFound")]
    [InlineData("Not an image", "ImageNotFound")]
    public void An_image_that_is_not_there_is_told(string image, string error)
    {
        Assert.Equal(error, Assert.Throws<ContainerEngineException>(() => _create.Execute(_creation with { Image = image })).ErrorId);
    }

    [Fact]
    public void An_image_that_another_session_removes_in_between_is_told()
    {
        var draft = _create.Describe(_creation, ContainerStatus.Created);
        _sandbox.Images.Remove(draft.Row.ImageId);

        var error = Assert.Throws<ContainerEngineException>(() => _create.Insert(draft, _creation));

        Assert.Equal(("ImageNotFound", "busybox"), (error.ErrorId, error.Target));
    }
}
