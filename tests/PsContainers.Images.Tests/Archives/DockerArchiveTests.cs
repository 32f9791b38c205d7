using System.Text.Json.Nodes;
using PsContainers.Images.Tests.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Archives;

public sealed class DockerArchiveTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Archive_is_imported(bool isCompressed)
    {
        var path = _sandbox.PathOf("image.tar");
        var tar = SavedImage.Docker(2, "busybox:1", "registry.example/team/app").ToTar();
        File.WriteAllBytes(path, isCompressed ? LayerSandbox.Gzip(tar) : tar);

        var image = Assert.Single(_sandbox.Import(path));

        Assert.Equal(["docker.io/library/busybox:1", "registry.example/team/app:latest"], image.Names);
        Assert.Equal("content 1", File.ReadAllText(_sandbox.FileOf(image, "layer1")));
        Assert.Equal([.. Enumerable.Range(0, 2).Select(i => Digest.Of(SavedImage.LayerTar(i)))], image.DiffIds);
    }

    [Fact]
    public void Manifest_is_made_over_the_layers_as_they_came()
    {
        var saved = SavedImage.Docker(1);
        var tar = saved.Files["0/layer.tar"];
        saved.Files["0/layer.tar"] = LayerSandbox.Gzip(tar);

        var image = Assert.Single(_sandbox.Import(saved.WriteTar(_sandbox.PathOf("image.tar"))));

        var manifest = ImageDocument.ReadManifest(_sandbox.Content.TryRead(image.ManifestDigest));
        var layer = Assert.Single(manifest.Layers);
        Assert.Equal(MediaTypes.LayerGzip, layer.MediaType);
        Assert.Equal(Digest.Of(saved.Files["0/layer.tar"]), layer.Digest);
        Assert.Equal(saved.Files["0/layer.tar"].Length, layer.Size);
        Assert.Equal(image.ConfigDigest, manifest.Config.Digest);
        Assert.Equal(Digest.Of(tar), Assert.Single(image.DiffIds));
        Assert.Empty(image.Names);
    }

    [Fact]
    public void Several_images_come_from_one_archive()
    {
        var (saved, other) = (SavedImage.Docker(1, "one"), SavedImage.Docker(2, "two"));
        var entries = new[] { saved, other }
            .Select(docker => JsonNode.Parse(docker.Files["manifest.json"])![0]!.DeepClone().AsObject())
            .ToArray();
        foreach (var (name, content) in other.Files)
        {
            saved.Files[name] = content;
        }

        saved.WriteManifest(entries);

        var images = _sandbox.Import(saved.WriteTar(_sandbox.PathOf("image.tar")));

        Assert.Equal([["docker.io/library/one:latest"], ["docker.io/library/two:latest"]], images.Select(image => image.Names));
        Assert.Equal(2, _sandbox.Layers.All().Count());
    }

    [Fact]
    public void Layer_may_be_a_link_to_another_place_of_the_archive()
    {
        var saved = SavedImage.Docker(2);
        var (first, second) = (saved.Files["0/layer.tar"], saved.Files["1/layer.tar"]);
        saved.Files.Remove("0/layer.tar");
        saved.Files.Remove("1/layer.tar");
        saved.Files["stored/first.tar"] = first;
        saved.Files["stored/second.tar"] = second;

        var path = saved.WriteTar(
            _sandbox.PathOf("image.tar"),
            LayerSandbox.Link("0/layer.tar", "../hop"),
            LayerSandbox.Link("hop", "./stored/first.tar"),
            LayerSandbox.HardLink("1/layer.tar", "stored/second.tar"));

        Assert.Equal([Digest.Of(first), Digest.Of(second)], Assert.Single(_sandbox.Import(path)).DiffIds);
    }

    [Fact]
    public void Last_entry_of_a_name_counts()
    {
        var saved = SavedImage.Docker(1);
        var right = saved.Files["0/layer.tar"];
        saved.Files["0/layer.tar"] = [1, 2, 3];

        var path = saved.WriteTar(
            _sandbox.PathOf("image.tar"), LayerSandbox.Link("0/layer.tar", "x"), (LayerSandbox.File("./0//layer.tar").Entry, right));

        Assert.Equal([Digest.Of(right)], Assert.Single(_sandbox.Import(path)).DiffIds);
    }

    [Fact]
    public void Layers_named_by_their_digest_are_compared_with_it()
    {
        var saved = SavedImage.Docker(1);
        var tar = saved.Files["0/layer.tar"];
        var blob = LayerSandbox.Gzip(tar);
        saved.Files.Remove("0/layer.tar");
        var name = $"blobs/sha256/{Digest.Of(blob).Hex}";
        saved.Files[name] = blob;
        var manifest = JsonNode.Parse(saved.Files["manifest.json"])![0]!.DeepClone().AsObject();
        manifest["Layers"] = new JsonArray(name);
        saved.WriteManifest(manifest);

        Assert.Single(_sandbox.Import(saved.WriteTar(_sandbox.PathOf("image.tar"))));

        // Still the same layer when it is unpacked, but not the blob that the name says.
        saved.Files[name] = [.. LayerSandbox.Gzip(tar[..1000]), .. LayerSandbox.Gzip(tar[1000..])];
        using var other = new ImageSandbox();
        Assert.Contains("digest", other.Refusal(saved.WriteTar(other.PathOf("image.tar"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Archive_that_is_reached_by_a_link_is_imported()
    {
        SavedImage.Docker().WriteTar(_sandbox.PathOf("image.tar"));
        File.CreateSymbolicLink(_sandbox.PathOf("latest.tar"), "image.tar");

        Assert.Single(_sandbox.Import(_sandbox.PathOf("latest.tar")));
    }
}
