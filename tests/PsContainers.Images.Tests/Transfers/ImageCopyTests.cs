using PsContainers.Images.Registry;
using PsContainers.Images.Tests.Registry;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Transfers;

/// <summary>Images that go from one repository to another without coming to the store.</summary>
public sealed class ImageCopyTests(PushAndPullTests.PlainServer server) : IClassFixture<PushAndPullTests.PlainServer>
{
    private readonly PushedImage _image = new(PushedImage.Random(400_000));

    [Fact]
    public async Task Image_is_copied_under_its_digest_alone()
    {
        using var from = server.Registry.Client("copy/from:1");
        using var to = server.Registry.Client("copy/to:1");
        await _image.PushAsync(from);

        var copied = await Upload(to).CopyAsync(_image.Manifest, from, TestContext.Current.CancellationToken);
        var manifest = await to.GetManifestAsync(Digest.Of(_image.Manifest));

        Assert.Equal(
            new Descriptor { MediaType = MediaTypes.Manifest, Digest = Digest.Of(_image.Manifest), Size = _image.Manifest.Length },
            copied.Manifest);
        Assert.Equal((copied.Size, (long)(_image.Layer.Length + _image.Config.Length)), (copied.Sent, copied.Size));
        Assert.Equal(_image.Manifest, manifest.Bytes.ToArray());
        Assert.Equal(_image.Layer, await PushedImage.ReadAllAsync(await to.OpenBlobAsync(_image.LayerDescriptor)));
        Assert.Null(await to.HeadManifestAsync());
    }

    [Fact]
    public async Task Layer_that_the_registry_has_is_mounted_and_not_sent()
    {
        using var from = server.Registry.Client("copy/near:1");
        using var to = server.Registry.Client("copy/nearer:1");
        await _image.PushAsync(from);

        var copied = await new ImageUpload(to, _ => ["copy/near"]) { IsListed = true }
            .CopyAsync(_image.Manifest, from, TestContext.Current.CancellationToken);

        Assert.Equal(0, copied.Sent);
        Assert.True(await to.HasBlobAsync(Digest.Of(_image.Layer)));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    public async Task After_a_cut_on_either_side_the_rest_is_copied(string method)
    {
        using var direct = server.Registry.Client($"cut/from-{method.ToLowerInvariant()}:1");
        await _image.PushAsync(direct);
        var isFirst = true;
        await using var proxy = new RawServer(request =>
        {
            var isCut = isFirst && request.Method == method && request.Path.Contains("/blobs/", StringComparison.Ordinal)
                && !request.Path.Contains(Digest.Of(_image.Config).Hex, StringComparison.Ordinal);
            isFirst &= !isCut;
            return isCut && method == "PATCH"
                ? RawAnswer.Cut(10)
                : RawAnswer.From(server.Registry.Host, isCut ? 150_000 : long.MaxValue);
        });
        var settings = RegistryServer.Insecure() with { Time = new HastyTime(), ChunkLength = 100_000 };
        using var from = method == "GET" ? proxy.Client("cut/from-get:1", settings) : server.Registry.Client("cut/from-patch:1");
        using var to = method == "GET" ? server.Registry.Client("cut/to-get:1", settings) : proxy.Client("cut/to-patch:1", settings);

        await Upload(to).CopyAsync(_image.Manifest, from, TestContext.Current.CancellationToken);

        Assert.False(isFirst);
        Assert.Equal(_image.Layer, await PushedImage.ReadAllAsync(await to.OpenBlobAsync(_image.LayerDescriptor)));
    }

    [Fact]
    public async Task Source_without_the_layer_is_an_error_that_names_it()
    {
        using var from = server.Registry.Client("copy/empty:1");
        using var to = server.Registry.Client("copy/nothing:1", RegistryServer.Insecure() with { Time = new HastyTime() });

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => Upload(to).CopyAsync(_image.Manifest, from, TestContext.Current.CancellationToken));

        Assert.Contains("copy/empty", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RegistryException>(() => to.GetManifestAsync(Digest.Of(_image.Manifest)));
    }

    private static ImageUpload Upload(RegistryClient to) => new(to, _ => []) { IsListed = true };
}
