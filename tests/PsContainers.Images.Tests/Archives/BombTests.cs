using System.Text.Json.Nodes;
using PsContainers.Images.Layers;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Little archives that would fill a disk, though none of their layers does it by its own bytes.</summary>
public sealed class BombTests : IDisposable
{
    private const int Mebibyte = 1 << 20;

    private readonly ImageSandbox _sandbox = new() { Limits = new LayerLimits { RatioFloor = 4 * Mebibyte } };

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Layer_that_an_image_repeats_without_end_is_refused()
    {
        var layer = Tar(File("zeros", new string('\0', Mebibyte)));
        var config = SavedImage.Config([.. Enumerable.Repeat(layer, 100)]);
        var saved = new SavedImage();
        saved.Files["layer.tar.gz"] = Gzip(layer);
        saved.Files["config.json"] = config;
        saved.WriteManifest(new JsonObject
        {
            ["Config"] = "config.json",
            ["Layers"] = new JsonArray([.. Enumerable.Range(0, 100).Select(_ => JsonValue.Create("layer.tar.gz"))]),
        });

        Assert.Contains("bomb", _sandbox.Refusal(saved.WriteTar(_sandbox.PathOf("image.tar"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Layer_whose_few_names_imply_a_great_many_directories_is_refused()
    {
        var paths = Enumerable.Range(0, 4).Select(i => File($"{i}/{string.Join('/', Enumerable.Repeat("d", 1000))}/file"));
        var path = _sandbox.PathOf("root.tar.gz");
        System.IO.File.WriteAllBytes(path, Gzip(Tar([.. paths])));

        Assert.Contains("bomb", _sandbox.RootRefusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_that_many_images_share_are_no_bomb()
    {
        var layer = Tar(File("zeros", new string('\0', Mebibyte)));
        var saved = new SavedImage();
        saved.WriteIndex([.. Enumerable.Range(0, 20)
            .Select(i => saved.AddImage($"image:{i}", [layer, SavedImage.LayerTar(i)], pack: Gzip))]);

        Assert.Equal(20, _sandbox.Import(saved.WriteFolder(_sandbox.PathOf("layout"))).Count);
    }
}
