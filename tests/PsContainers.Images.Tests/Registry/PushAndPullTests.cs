using System.Net;
using PsContainers.Images.Registry;
using PsContainers.Images.Tests.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Registry;

/// <summary>What goes to a real registry and comes back.</summary>
public sealed class PushAndPullTests(PushAndPullTests.PlainServer server) : IClassFixture<PushAndPullTests.PlainServer>
{
    [Fact]
    public async Task What_is_pushed_is_pulled()
    {
        var image = PushedImage.Small;
        using var client = server.Registry.Client("team/app:v1");

        await image.PushAsync(client);
        var manifest = await client.GetManifestAsync();
        var layer = await PushedImage.ReadAllAsync(await client.OpenBlobAsync(image.LayerDescriptor));

        Assert.Equal(image.Manifest, manifest.Bytes.ToArray());
        Assert.Equal((Digest.Of(image.Manifest), MediaTypes.Manifest), (manifest.Digest, manifest.MediaType));
        Assert.Equal(image.Layer, layer);
    }

    [Fact]
    public async Task What_we_push_skopeo_reads()
    {
        using var client = server.Registry.Client("team/for-skopeo:v1");
        await PushedImage.Small.PushAsync(client);

        var raw = LayerSandbox.Run(
            "skopeo", "inspect", "--raw", "--tls-verify=false", $"docker://{server.Registry.Host}/team/for-skopeo:v1");

        Assert.Equal(System.Text.Encoding.UTF8.GetString(PushedImage.Small.Manifest), raw);
    }

    [Theory]
    [InlineData("oci", MediaTypes.Manifest)]
    [InlineData("v2s2", MediaTypes.DockerManifest)]
    public async Task What_skopeo_pushes_is_read(string format, string mediaType)
    {
        var folder = Directory.CreateTempSubdirectory("psc-skopeo-").FullName;
        var layout = Archives.SavedImage.Layout(2, "app:1").WriteFolder(Path.Combine(folder, "layout"));
        LayerSandbox.Run(
            "skopeo", "copy", "-q", "--insecure-policy", "--dest-tls-verify=false", "--format", format,
            $"oci:{layout}:app:1", $"docker://{server.Registry.Host}/skopeo/{format}:1");
        Directory.Delete(folder, recursive: true);
        using var client = server.Registry.Client($"skopeo/{format}:1");

        var manifest = await client.GetManifestAsync();
        var parsed = ImageDocument.ReadManifest(manifest.Bytes.Span);
        foreach (var blob in parsed.Layers.Append(parsed.Config))
        {
            var content = await PushedImage.ReadAllAsync(await client.OpenBlobAsync(blob));
            Assert.Equal(blob.Digest, Digest.Of(content));
        }

        Assert.Equal(mediaType, manifest.MediaType);
        Assert.Equal(2, parsed.Layers.Count);
    }

    [Fact]
    public async Task A_blob_is_read_from_an_offset()
    {
        var layer = PushedImage.Random(300_000);
        using var client = server.Registry.Client("team/offset");
        await client.PushBlobAsync(Digest.Of(layer), layer.Length, () => new MemoryStream(layer));

        var rest = await PushedImage.ReadAllAsync(await client.OpenBlobAsync(PushedImage.DescriptorOf(layer), 123_456));
        var nothing = await PushedImage.ReadAllAsync(await client.OpenBlobAsync(PushedImage.DescriptorOf(layer), layer.Length));

        Assert.Equal(layer[123_456..], rest);
        Assert.Empty(nothing);
    }

    [Theory]
    [InlineData(1_000_000, null)]
    [InlineData(1_000_000, 100_000)]
    [InlineData(300_000, 100_000)]
    [InlineData(1, 100_000)]
    [InlineData(0, null)]
    public async Task A_blob_is_pushed_whole_or_in_pieces(int length, int? chunk)
    {
        var layer = PushedImage.Random(length);
        var settings = RegistryServer.Insecure() with { ChunkLength = chunk };
        using var client = server.Registry.Client($"chunks/of-{chunk ?? 0}-{length}", settings);
        var sent = new List<long>();

        await client.PushBlobAsync(Digest.Of(layer), length, () => new MemoryStream(layer), new Reports(sent));

        Assert.True(await client.HasBlobAsync(Digest.Of(layer)));
        Assert.Equal(layer, await PushedImage.ReadAllAsync(await client.OpenBlobAsync(PushedImage.DescriptorOf(layer))));
        Assert.Equal(length, sent[^1]);
        Assert.Equal(sent.Order(), sent);
    }

    [Fact]
    public async Task A_blob_is_mounted_from_another_repository()
    {
        var layer = PushedImage.Random(1000);
        using var source = server.Registry.Client("mount/source");
        using var target = server.Registry.Client("mount/target");
        await source.PushBlobAsync(Digest.Of(layer), layer.Length, () => new MemoryStream(layer));

        Assert.False(await target.HasBlobAsync(Digest.Of(layer)));
        Assert.True(await target.MountBlobAsync(Digest.Of(layer), "mount/source"));
        Assert.True(await target.HasBlobAsync(Digest.Of(layer)));
        Assert.False(await target.MountBlobAsync(Digest.Of("unknown"u8), "mount/source"));
    }

    [Fact]
    public async Task The_digest_of_a_tag_is_known_without_its_manifest()
    {
        using var client = server.Registry.Client("team/head:v1");
        using var other = server.Registry.Client("team/head:v2");
        await PushedImage.Small.PushAsync(client);

        var found = await client.HeadManifestAsync();

        Assert.Equal(Digest.Of(PushedImage.Small.Manifest), found!.Digest);
        Assert.Equal((MediaTypes.Manifest, PushedImage.Small.Manifest.Length), (found.MediaType, found.Size));
        Assert.Null(await other.HeadManifestAsync());
    }

    [Fact]
    public async Task All_tags_are_listed()
    {
        for (var i = 0; i < 5; i++)
        {
            using var client = server.Registry.Client($"team/tags:v{i}");
            await PushedImage.Small.PushAsync(client);
        }

        using var reader = server.Registry.Client("team/tags");

        Assert.Equal(["v0", "v1", "v2", "v3", "v4"], (await reader.ListTagsAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_tag_that_does_not_exist_is_named_in_the_error()
    {
        using var client = server.Registry.Client("team/missing:v9");

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains($"{server.Registry.Host}/team/missing:v9", error.Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, "MANIFEST_UNKNOWN"), (error.Status, error.Code));
        Assert.True(error.IsNotFound);
    }

    [Fact]
    public async Task A_blob_that_does_not_exist_is_named_in_the_error()
    {
        var missing = PushedImage.DescriptorOf([1, 2, 3]);
        using var client = server.Registry.Client("team/missing");

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.OpenBlobAsync(missing));

        Assert.Contains(missing.Digest.ToString(), error.Message, StringComparison.Ordinal);
        Assert.True(error.IsNotFound);
    }

    [Fact]
    public async Task Content_that_is_not_what_its_digest_says_is_not_pushed()
    {
        using var client = server.Registry.Client("team/wrong");

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.PushBlobAsync(Digest.Of("a"u8), 1, () => new MemoryStream([(byte)'b'])));

        Assert.Equal("DIGEST_INVALID", error.Code);
    }

    [Fact]
    public async Task Content_that_is_too_short_is_not_pushed()
    {
        using var client = server.Registry.Client("team/short");

        var error = await Assert.ThrowsAsync<RegistryException>(
            () => client.PushBlobAsync(Digest.Of("abc"u8), 3, () => new MemoryStream([(byte)'a'])));

        Assert.Contains("ends 2 bytes too early", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registry_without_tls_is_refused_unless_that_is_allowed()
    {
        using var client = server.Registry.Client("team/app", RegistryServer.Insecure() with { AllowInsecure = false });

        var error = await Assert.ThrowsAsync<RegistryException>(() => client.GetManifestAsync());

        Assert.Contains("TLS failed", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Without TLS and users.</summary>
    public sealed class PlainServer : IDisposable
    {
        internal RegistryServer Registry { get; } = new();

        public void Dispose() => Registry.Dispose();
    }

    private sealed class Reports(List<long> list) : IProgress<long>
    {
        public void Report(long value) => list.Add(value);
    }
}
