using PsContainers.Images.Tests.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Archives;

public sealed class OciLayoutTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("folder")]
    [InlineData("tar")]
    [InlineData("tar.gz")]
    [InlineData("tar.zst")]
    public void Layout_is_imported_from_a_folder_and_an_archive(string form)
    {
        var saved = SavedImage.Layout(layers: 3);

        var image = Assert.Single(_sandbox.Import(Write(saved, form)));

        Assert.Equal(["docker.io/library/busybox:1"], image.Names);
        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => Digest.Of(SavedImage.LayerTar(i)))], image.DiffIds);
        Assert.Equal(3, image.ChainIds.Count);
        Assert.Equal("content 0content 1content 2".Length, image.Size);
        Assert.Equal(["sh"], image.Config.Config!.Cmd!);
        Assert.Equal("content 2", File.ReadAllText(_sandbox.FileOf(image, "layer2")));
    }

    [Fact]
    public void Documents_are_kept_as_they_came()
    {
        var saved = SavedImage.Layout();

        var image = Assert.Single(_sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout"))));

        foreach (var digest in new[] { image.ManifestDigest, image.ConfigDigest })
        {
            Assert.Equal(saved.Files[$"blobs/sha256/{digest.Hex}"], _sandbox.Content.TryRead(digest));
        }

        Assert.Equal(3, _sandbox.Content.All().Count());
    }

    [Fact]
    public void Layers_that_images_share_are_stored_once()
    {
        var saved = new SavedImage();
        var (a, b, c) = (SavedImage.LayerTar(0), SavedImage.LayerTar(1), SavedImage.LayerTar(2));
        saved.WriteIndex(saved.AddImage("one", [a, b]), saved.AddImage("two", [a, c]));

        var images = _sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout")));

        Assert.Equal(2, images.Count);
        Assert.Equal(images[0].ChainIds[0], images[1].ChainIds[0]);
        Assert.Equal(3, _sandbox.Layers.All().Count());
        Assert.Equal(7, _sandbox.Content.All().Count());
    }

    [Fact]
    public void Image_of_two_names_is_one_image()
    {
        var saved = new SavedImage();
        saved.WriteIndex(saved.AddImage("one", [SavedImage.LayerTar(0)]), saved.AddImage("two", [SavedImage.LayerTar(0)]));

        var image = Assert.Single(_sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout"))));

        Assert.Equal(["docker.io/library/one:latest", "docker.io/library/two:latest"], image.Names);
    }

    [Fact]
    public void Importing_again_changes_nothing()
    {
        var path = SavedImage.Layout(2).WriteFolder(_sandbox.PathOf("layout"));
        var first = Assert.Single(_sandbox.Import(path));

        var second = Assert.Single(_sandbox.Import(path));

        Assert.Equal(first.ManifestDigest, second.ManifestDigest);
        Assert.Equal(first.ChainIds, second.ChainIds);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("latest", null)]
    [InlineData("not a name", null)]
    [InlineData("v1", "docker.io/library/v1:latest")]
    [InlineData("registry.example/team/app:v1", "registry.example/team/app:v1")]
    public void Reference_annotation_is_the_name_if_it_can_be(string? annotation, string? name)
    {
        var image = Assert.Single(_sandbox.Import(SavedImage.Layout(name: annotation).WriteFolder(_sandbox.PathOf("layout"))));

        Assert.Equal(name is null ? [] : [name], image.Names);
    }

    [Fact]
    public void Whole_name_that_docker_writes_comes_first()
    {
        var saved = new SavedImage();
        var entry = saved.AddImage("1.37", [SavedImage.LayerTar(0)]);
        entry["annotations"]!["io.containerd.image.name"] = "docker.io/library/busybox:1.37";
        saved.WriteIndex(entry);

        var image = Assert.Single(_sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout"))));

        Assert.Equal(["docker.io/library/busybox:1.37"], image.Names);
    }

    [Fact]
    public void Platform_of_this_machine_is_chosen_from_an_index()
    {
        var saved = new SavedImage();
        var here = SavedImage.For(saved.AddImage(null, [SavedImage.LayerTar(1)]), "linux", SavedImage.Architecture);
        var other = SavedImage.For(saved.AddImage(null, [SavedImage.LayerTar(2)]), "linux", "s390x");
        var windows = SavedImage.For(saved.AddImage(null, [SavedImage.LayerTar(3)]), "windows", SavedImage.Architecture);
        var attestation = SavedImage.For(saved.AddImage(null, [SavedImage.LayerTar(4)]), "unknown", "unknown");
        saved.WriteIndex(saved.AddIndex("many", other, windows, attestation, here));

        var image = Assert.Single(_sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout"))));

        Assert.Equal(["docker.io/library/many:latest"], image.Names);
        Assert.Equal(Digest.Of(SavedImage.LayerTar(1)), Assert.Single(image.DiffIds));
        Assert.Equal(3, _sandbox.Content.All().Count());
    }

    [Fact]
    public void Platform_is_chosen_among_entries_of_the_same_name()
    {
        var saved = new SavedImage();
        var other = SavedImage.For(saved.AddImage("app", [SavedImage.LayerTar(0)]), "linux", "s390x");
        saved.WriteIndex(other, SavedImage.For(saved.AddImage("app", [SavedImage.LayerTar(1)]), "linux", SavedImage.Architecture));

        var image = Assert.Single(_sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout"))));

        Assert.Equal(Digest.Of(SavedImage.LayerTar(1)), Assert.Single(image.DiffIds));
    }

    [Fact]
    public void What_is_kept_beside_images_is_passed_over()
    {
        var saved = new SavedImage();
        var chart = saved.AddManifest("chart", saved.AddBlob("{}"u8.ToArray(), "application/vnd.cncf.helm.config.v1+json"), []);
        var signature = saved.AddManifest(
            "app:sha256-1.sig",
            saved.AddBlob(SavedImage.Config([]), MediaTypes.Config),
            [saved.AddBlob("{}"u8.ToArray(), "application/vnd.dev.cosign.simplesigning.v1+json")]);
        saved.WriteIndex(chart, signature, saved.AddImage("app:1", [SavedImage.LayerTar(0)]));

        var image = Assert.Single(_sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout"))));

        Assert.Equal(["docker.io/library/app:1"], image.Names);
    }

    [Fact]
    public void Image_without_layers_is_an_image()
    {
        var image = Assert.Single(_sandbox.Import(SavedImage.Layout(layers: 0).WriteFolder(_sandbox.PathOf("layout"))));

        Assert.Empty(image.ChainIds);
        Assert.Equal(0, image.Size);
    }

    [Fact]
    public void Links_inside_the_folder_are_followed_and_others_are_not()
    {
        var saved = SavedImage.Layout();
        var layout = saved.WriteFolder(_sandbox.PathOf("layout"));
        Directory.Move(Path.Combine(layout, "blobs/sha256"), Path.Combine(layout, "elsewhere"));
        File.CreateSymbolicLink(Path.Combine(layout, "blobs/sha256"), "../elsewhere");

        Assert.Single(_sandbox.Import(layout));

        Directory.Move(Path.Combine(layout, "elsewhere"), _sandbox.PathOf("outside"));
        File.Delete(Path.Combine(layout, "blobs/sha256"));
        File.CreateSymbolicLink(Path.Combine(layout, "blobs/sha256"), _sandbox.PathOf("outside"));
        Assert.Contains("missing", _sandbox.Refusal(layout), StringComparison.Ordinal);
    }

    private string Write(SavedImage saved, string form)
    {
        var path = _sandbox.PathOf("image." + form);
        switch (form)
        {
            case "folder":
                return saved.WriteFolder(path);
            case "tar":
                return saved.WriteTar(path);
            case "tar.gz":
                File.WriteAllBytes(path, LayerSandbox.Gzip(saved.ToTar()));
                return path;
            default:
                File.WriteAllBytes(path, new ZstdSharp.Compressor().Wrap(saved.ToTar()).ToArray());
                return path;
        }
    }
}
