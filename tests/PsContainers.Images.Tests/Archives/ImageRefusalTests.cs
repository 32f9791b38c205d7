using System.Text;
using PsContainers.Images.Archives;
using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Layers;

namespace PsContainers.Images.Tests.Archives;

public sealed class ImageRefusalTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    public static TheoryData<string> BrokenLayouts => [.. BrokenImages.Layouts.Keys];

    public static TheoryData<string> BrokenDockerArchives => [.. BrokenImages.DockerArchives.Keys];

    [Theory]
    [MemberData(nameof(BrokenLayouts))]
    public void Broken_layout_is_refused_and_leaves_nothing(string kind)
    {
        var (cause, bend) = BrokenImages.Layouts[kind];
        var saved = SavedImage.Layout(2);
        _sandbox.Limits = new LayerLimits { RatioFloor = 1_000_000 };
        bend(saved);

        Assert.Contains(cause, _sandbox.Refusal(saved.WriteTar(_sandbox.PathOf("image.tar"))), StringComparison.Ordinal);
        Assert.Contains(cause, _sandbox.Refusal(saved.WriteFolder(_sandbox.PathOf("folder"))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BrokenDockerArchives))]
    public void Broken_docker_archive_is_refused_and_leaves_nothing(string kind)
    {
        var (cause, bend) = BrokenImages.DockerArchives[kind];
        var saved = SavedImage.Docker(2, "name");
        bend(saved);

        Assert.Contains(cause, _sandbox.Refusal(saved.WriteTar(_sandbox.PathOf("image.tar"))), StringComparison.Ordinal);
        Assert.Contains(cause, _sandbox.Refusal(saved.WriteFolder(_sandbox.PathOf("folder"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0/layer.tar", "../1/layer.tar", "1/layer.tar", "../0/layer.tar", "without end")]
    [InlineData("0/layer.tar", "layer.tar", "x", "y", "without end")]
    [InlineData("0/layer.tar", "../../0/layer.tar", "x", "y", "outside")]
    [InlineData("0/layer.tar", "/etc/passwd", "x", "y", "absolute")]
    [InlineData("0/layer.tar", "../gone", "x", "y", "missing")]
    public void Links_of_the_archive_that_lead_nowhere_are_refused(
        string first, string target, string second, string secondTarget, string cause)
    {
        var saved = SavedImage.Docker(2);
        saved.Files.Remove(first);
        saved.Files.Remove(second);

        var path = saved.WriteTar(_sandbox.PathOf("image.tar"), LayerSandbox.Link(first, target), LayerSandbox.Link(second, secondTarget));

        Assert.Contains(cause, _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../manifest.json")]
    [InlineData("a/../../manifest.json")]
    public void Archive_whose_names_climb_is_refused(string name)
    {
        var path = SavedImage.Docker().WriteTar(_sandbox.PathOf("image.tar"), LayerSandbox.File(name));

        Assert.Contains("'..'", _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Archive_with_a_device_is_refused()
    {
        var device = (new TarEntry(TarEntryKind.BlockDevice, "disk") { DeviceMajor = 8 }, Array.Empty<byte>());

        var path = SavedImage.Docker().WriteTar(_sandbox.PathOf("image.tar"), device);

        Assert.Contains("device", _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(700)]
    [InlineData(2000)]
    [InlineData(3000)]
    public void Archive_that_is_cut_short_is_refused(int length)
    {
        var path = SavedImage.Layout().WriteTar(_sandbox.PathOf("image.tar"));
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(length);
        }

        _sandbox.Refusal(path);
    }

    [Fact]
    public void Archive_that_is_cut_short_in_a_file_nobody_needs_is_refused()
    {
        var saved = SavedImage.Layout();
        saved.Files["padding"] = new byte[2_000_000];
        var path = _sandbox.PathOf("image.tar");
        File.WriteAllBytes(path, saved.ToTar()[..^1_000_000]);

        Assert.Contains("cut short", _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_archive_that_is_cut_short_is_refused()
    {
        var path = _sandbox.PathOf("image.tar.gz");
        File.WriteAllBytes(path, LayerSandbox.Gzip(SavedImage.Docker().ToTar())[..^5]);

        Assert.Contains("decompressed", _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_archive_that_is_a_bomb_is_refused()
    {
        var saved = SavedImage.Docker();
        saved.Files["padding"] = new byte[3_000_000];
        var path = _sandbox.PathOf("image.tar.gz");
        File.WriteAllBytes(path, LayerSandbox.Gzip(saved.ToTar()));
        _sandbox.Limits = new LayerLimits { RatioFloor = 1_000_000 };

        Assert.Contains("bomb", _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xz", "\u00fd7zXZ\0")]
    [InlineData("bzip2", "BZh9")]
    public void Other_compressions_are_named(string name, string magic)
    {
        var path = _sandbox.PathOf("image");
        File.WriteAllBytes(path, Encoding.Latin1.GetBytes(magic + "123456"));

        Assert.Contains(name, _sandbox.Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_no_image_is_refused()
    {
        Directory.CreateDirectory(_sandbox.PathOf("empty"));
        File.WriteAllBytes(_sandbox.PathOf("root.tar"), SavedImage.LayerTar(0));

        Assert.Contains("holds no image", _sandbox.Refusal(_sandbox.PathOf("empty")), StringComparison.Ordinal);
        Assert.Contains("holds no image", _sandbox.Refusal(_sandbox.PathOf("root.tar")), StringComparison.Ordinal);
    }

    [Fact]
    public void Fifo_is_refused_without_waiting_for_a_writer()
    {
        LayerSandbox.Run("mkfifo", _sandbox.PathOf("fifo"));
        var layout = SavedImage.Layout().WriteFolder(_sandbox.PathOf("layout"));
        File.Delete(Path.Combine(layout, "index.json"));
        LayerSandbox.Run("mkfifo", Path.Combine(layout, "index.json"));

        Assert.Contains("not a regular file", _sandbox.Refusal(_sandbox.PathOf("fifo")), StringComparison.Ordinal);
        Assert.Contains("not a regular file", _sandbox.Refusal(layout), StringComparison.Ordinal);
    }

    [Fact]
    public void Stopped_import_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var path = SavedImage.Layout(2).WriteFolder(_sandbox.PathOf("layout"));

        Assert.ThrowsAny<OperationCanceledException>(
            () => ImageArchive.Stage(path, _sandbox.Content, _sandbox.Layers, _sandbox.Limits, stop.Token));

        Assert.Empty(_sandbox.Content.All());
        Assert.Empty(_sandbox.Layers.All());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Import_that_is_not_committed_leaves_nothing()
    {
        var path = SavedImage.Layout(2).WriteFolder(_sandbox.PathOf("layout"));

        using (ImageArchive.Stage(path, _sandbox.Content, _sandbox.Layers, _sandbox.Limits, TestContext.Current.CancellationToken))
        {
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
        }

        Assert.Empty(_sandbox.Content.All());
        Assert.Empty(_sandbox.Layers.All());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Import_that_could_not_be_recorded_leaves_a_mark_for_the_collection()
    {
        var path = SavedImage.Layout(2).WriteFolder(_sandbox.PathOf("layout"));
        var stop = TestContext.Current.CancellationToken;
        using (var staged = ImageArchive.Stage(path, _sandbox.Content, _sandbox.Layers, _sandbox.Limits, stop))
        {
            Assert.Throws<TimeoutException>(() => staged.Commit(() => throw new TimeoutException()));
        }

        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Failed_import_leaves_what_was_there_before()
    {
        var good = SavedImage.Layout(2);
        var before = Assert.Single(_sandbox.Import(good.WriteFolder(_sandbox.PathOf("good"))));
        var (a, b, other) = (SavedImage.LayerTar(0), SavedImage.LayerTar(3), SavedImage.LayerTar(4));
        good.WriteIndex(good.AddImage("x", [a, b], SavedImage.Config([a, other])));

        _sandbox.Refusal(good.WriteFolder(_sandbox.PathOf("bad")));

        Assert.All(before.ChainIds, chain => Assert.True(_sandbox.Layers.Contains(chain)));
    }

    [Fact]
    public void Blob_that_is_not_the_layer_it_claims_is_refused_though_the_layer_is_there()
    {
        var good = SavedImage.Layout(1);
        _sandbox.Import(good.WriteFolder(_sandbox.PathOf("good")));
        var saved = new SavedImage();
        saved.WriteIndex(saved.AddImage("x", [SavedImage.LayerTar(9)], SavedImage.Config([SavedImage.LayerTar(0)])));

        Assert.Contains("uncompressed digest", _sandbox.Refusal(saved.WriteFolder(_sandbox.PathOf("bad"))), StringComparison.Ordinal);
    }
}
