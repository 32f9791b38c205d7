using PsContainers.Engine.Images;

namespace PsContainers.Engine.Tests.Images;

public sealed class ImageLookupTests : IDisposable
{
    private const string Config = "sha256:abc1000000000000000000000000000000000000000000000000000000000000";
    private const string Other = "sha256:abc2000000000000000000000000000000000000000000000000000000000000";

    private readonly EngineSandbox _sandbox = new();
    private readonly ImageLookup _lookup;

    public ImageLookupTests()
    {
        _lookup = new ImageLookup(_sandbox.Images);
        _sandbox.Images.Put(Sample.Image("one", "docker.io/library/busybox:latest", "registry.example/team/app:1") with { Id = Config });
        _sandbox.Images.Put(Sample.Image("two", "docker.io/library/abc1:latest") with { Id = Other });
    }

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("busybox", Config)]
    [InlineData("busybox:latest", Config)]
    [InlineData("library/busybox", Config)]
    [InlineData("docker.io/library/busybox:latest", Config)]
    [InlineData("registry.example/team/app:1", Config)]
    [InlineData(Config, Config)]
    [InlineData("sha256:abc1", Config)]
    [InlineData("abc2", Other)]
    [InlineData("abc1", Other)] // a name comes before the beginning of an id
    public void An_image_is_found_by_what_users_call_it(string text, string id)
    {
        Assert.Equal(id, _lookup.Resolve(text).Id);
    }

    [Fact]
    public void An_image_is_found_by_the_digest_of_its_manifest()
    {
        var manifest = Sample.Image("one").Manifest;

        Assert.Equal(Config, _lookup.Resolve(manifest).Id);
        Assert.Equal(Config, _lookup.Resolve($"busybox@{manifest}").Id);
    }

    [Theory]
    [InlineData("debian")]
    [InlineData("registry.example/busybox")]
    public void A_digest_under_another_name_is_another_image(string name)
    {
        var error = Assert.Throws<ContainerEngineException>(() => _lookup.Resolve($"{name}@{Sample.Image("one").Manifest}"));

        Assert.Equal("ImageNotFound", error.ErrorId);
    }

    [Fact]
    public void An_ambiguous_beginning_is_refused_and_names_the_candidates()
    {
        var error = Assert.Throws<ContainerEngineException>(() => _lookup.Resolve("sha256:abc"));

        Assert.Equal("ImageAmbiguous", error.ErrorId);
        Assert.Contains("abc100000000, abc200000000", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("busybox:1")]
    [InlineData("abd")]
    [InlineData("sha256:")]
    [InlineData("sha256:xyz")]
    [InlineData("other/busybox")]
    [InlineData("registry.example/team/app")]
    [InlineData("sha256:abc3000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_image_is_not_found(string text)
    {
        Assert.Equal("ImageNotFound", Assert.Throws<ContainerEngineException>(() => _lookup.Resolve(text)).ErrorId);
    }
}
