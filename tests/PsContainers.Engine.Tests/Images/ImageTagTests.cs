using PsContainers.Engine.Images;

namespace PsContainers.Engine.Tests.Images;

public sealed class ImageTagTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();
    private readonly AddImageTag _add;
    private readonly RemoveImageTag _remove;

    public ImageTagTests()
    {
        _add = new AddImageTag(_sandbox.Images, new ImageLookup(_sandbox.Images));
        _remove = new RemoveImageTag(_sandbox.Images);
        _sandbox.Images.Put(Sample.Image("one", "docker.io/library/one:latest"));
        _sandbox.Images.Put(Sample.Image("two", "docker.io/library/two:latest"));
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Name_is_completed_and_added()
    {
        var image = _add.Execute("one", "registry.example:5000/team/app");

        Assert.Equal(["one:latest", "registry.example:5000/team/app:latest"], image.Names);
    }

    [Fact]
    public void Name_that_another_image_has_moves()
    {
        _add.Execute("one", "two");

        Assert.Equal(["docker.io/library/one:latest", "docker.io/library/two:latest"], _sandbox.Images.Find(Sample.Image("one").Id)!.Names);
        Assert.Empty(_sandbox.Images.Find(Sample.Image("two").Id)!.Names);
    }

    [Theory]
    [InlineData("UPPER")]
    [InlineData("a:b:c")]
    [InlineData("a@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public void Of_several_names_one_that_is_none_keeps_all_out(string name)
    {
        var error = Assert.Throws<ContainerEngineException>(() => _add.Execute("one", "fine", name));

        Assert.Equal("ImageNameInvalid", error.ErrorId);
        Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["docker.io/library/one:latest"], _sandbox.Images.Find(Sample.Image("one").Id)!.Names);
    }

    [Fact]
    public void Image_that_goes_meanwhile_gets_no_name()
    {
        _sandbox.Images.Remove(Sample.Image("one").Id);

        Assert.False(_sandbox.Images.TryAddNames(Sample.Image("one").Id, ["docker.io/library/new:latest"]));
        Assert.Null(_sandbox.Images.FindByName("docker.io/library/new:latest"));
    }

    [Fact]
    public void Image_stays_when_its_last_name_goes()
    {
        _remove.Execute("one");

        Assert.Empty(_sandbox.Images.Find(Sample.Image("one").Id)!.Names);
        Assert.Equal(2, _sandbox.Images.All().Count);
    }

    [Theory]
    [InlineData("three")]
    [InlineData("one:2")]
    [InlineData("NONE")]
    public void Name_that_no_image_has_is_named_in_the_error(string tag)
    {
        var error = Assert.Throws<ContainerEngineException>(() => _remove.Execute(tag));

        Assert.Equal(("ImageNotFound", $"image '{tag}' does not exist"), (error.ErrorId, error.Message));
    }

    [Fact]
    public void Id_is_no_name() =>
        Assert.Equal("ImageNotFound", Assert.Throws<ContainerEngineException>(() => _remove.Execute(Sample.Image("one").Id)).ErrorId);
}
