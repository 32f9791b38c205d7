using PsContainers.Images.Registry;
using PsContainers.Images.Registry.Configuration;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>Repositories that are read from somewhere else.</summary>
public sealed class MirrorTests : IDisposable
{
    private readonly RegistryServer _registry = new();
    private readonly RegistryServer _mirror = new();

    public void Dispose()
    {
        _registry.Dispose();
        _mirror.Dispose();
    }

    [Fact]
    public async Task What_the_mirror_has_is_read_there_and_what_is_pushed_goes_to_the_registry()
    {
        using var filling = _mirror.Client("cache/team/app:v1");
        await PushedImage.Small.PushAsync(filling);
        using var client = Client("registry.example/team/app:v1", $"""
            [[registry]]
            prefix = "registry.example"
            location = "{_registry.Host}"
            insecure = true
            [[registry.mirror]]
            location = "{_mirror.Host}/cache"
            insecure = true
            """);

        Assert.Equal(PushedImage.Small.Manifest, (await client.GetManifestAsync()).Bytes.ToArray());
        var layer = await client.OpenBlobAsync(PushedImage.Small.LayerDescriptor);
        Assert.Equal(PushedImage.Small.Layer, await PushedImage.ReadAllAsync(layer));
        Assert.False(await client.HasBlobAsync(Digest.Of(PushedImage.Small.Layer)));
        await PushedImage.Small.PushAsync(client);
        Assert.True(await client.HasBlobAsync(Digest.Of(PushedImage.Small.Layer)));
    }

    [Fact]
    public async Task What_no_mirror_has_is_read_from_the_registry()
    {
        using var filling = _registry.Client("team/app:v1");
        await PushedImage.Small.PushAsync(filling);
        using var client = Client($"{_registry.Host}/team/app:v1", $"""
            [[registry]]
            location = "{_registry.Host}"
            insecure = true
            [[registry.mirror]]
            location = "127.0.0.1:{RegistryServer.FreePort()}"
            insecure = true
            [[registry.mirror]]
            location = "{_mirror.Host}"
            insecure = true
            """);

        Assert.Equal(Digest.Of(PushedImage.Small.Manifest), (await client.HeadManifestAsync())!.Digest);
        Assert.Equal(PushedImage.Small.Manifest, (await client.GetManifestAsync()).Bytes.ToArray());
    }

    [Fact]
    public async Task What_nobody_has_is_an_error_that_names_all()
    {
        using var client = Client($"{_registry.Host}/team/app:v1", $"""
            [[registry]]
            location = "{_registry.Host}"
            insecure = true
            [[registry.mirror]]
            location = "{_mirror.Host}"
            insecure = true
            """);

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.True(error.IsNotFound);
        Assert.Contains($"{_registry.Host}: it answered 404", error.Message, StringComparison.Ordinal);
        Assert.Contains($"before that, {_mirror.Host}: it answered 404", error.Message, StringComparison.Ordinal);
        Assert.Null(await client.HeadManifestAsync());
    }

    private static RegistryClient Client(string image, string configuration) => new(
        ImageReference.Parse(image),
        new RegistrySettings { Registries = RegistriesConfiguration.Parse(configuration), Time = new HastyTime() });
}
