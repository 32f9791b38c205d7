using System.Text;
using PsContainers.Images.Archives;
using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Images written, and read again by this engine and by others.</summary>
public sealed class ImageArchiveWriterTests : IDisposable
{
    private static readonly string[] _names = ["docker.io/library/app:1", "registry.example:5000/team/app:1"];

    private readonly ImageSandbox _sandbox = new();
    private readonly ImageSandbox _other = new();

    public void Dispose()
    {
        _sandbox.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    [InlineData("oci")]
    public void Images_come_back_with_their_ids_names_and_files(string format)
    {
        var (first, second) = (Imported(SavedImage.Docker(3)), Imported(SavedImage.Layout(2, "b:2")));

        Write(format, new ExportedImage(first.ManifestDigest, _names), new ExportedImage(second.ManifestDigest, []));

        var images = _other.Import(_sandbox.PathOf("out"));
        Assert.Equal([first.ConfigDigest, second.ConfigDigest], images.Select(image => image.ConfigDigest));
        Assert.Equal([_names, []], images.Select(image => image.Names));
        Assert.Equal("content 2", File.ReadAllText(_other.FileOf(images[0], "layer2")));
        if (format != "docker-archive")
        {
            Assert.Equal([first.ManifestDigest, second.ManifestDigest], images.Select(image => image.ManifestDigest));
            Assert.Equal(_sandbox.Content.All().ToHashSet(), _other.Content.All().ToHashSet());
        }
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public void Same_images_give_the_same_bytes(string format)
    {
        var image = Imported(SavedImage.Layout(3));

        Write(format, new ExportedImage(image.ManifestDigest, _names));
        var first = File.ReadAllBytes(_sandbox.PathOf("out"));
        Write(format, new ExportedImage(image.ManifestDigest, _names));

        Assert.Equal(first, File.ReadAllBytes(_sandbox.PathOf("out")));
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    [InlineData("oci")]
    public void Damaged_blob_is_named_and_nothing_is_left(string format)
    {
        var image = Imported(SavedImage.Layout(2));
        var layer = ImageDocument.ReadManifest(_sandbox.Content.TryRead(image.ManifestDigest)).Layers[1].Digest;
        var blob = _sandbox.PathOf($"store/blobs/sha256/{layer.Hex}");
        var bytes = File.ReadAllBytes(blob);
        bytes[^9] ^= 1;
        File.WriteAllBytes(blob, bytes);
        var before = Directory.GetFileSystemEntries(_sandbox.Folder);

        var refusal = Assert.Throws<ImageFormatException>(() => Write(format, new ExportedImage(image.ManifestDigest, _names)));

        Assert.StartsWith($"{layer} in the store is damaged", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_sandbox.Folder));
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    [InlineData("oci")]
    public void What_is_there_stays_unless_it_may_go(string format)
    {
        var image = new ExportedImage(Imported(SavedImage.Layout(1)).ManifestDigest, _names);
        Write(format, image);
        var before = Directory.GetFileSystemEntries(_sandbox.Folder);

        var refusal = Assert.Throws<IOException>(() => Write(format, overwrite: false, image));

        Assert.Contains(_sandbox.PathOf("out"), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_sandbox.Folder));
        Write(format, image);
        Assert.Equal(before, Directory.GetFileSystemEntries(_sandbox.Folder));
        Assert.Single(_other.Import(_sandbox.PathOf("out")));
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci")]
    public void Path_may_lead_over_a_link(string format)
    {
        var image = new ExportedImage(Imported(SavedImage.Layout(1)).ManifestDigest, _names);
        var folder = Directory.CreateDirectory(_sandbox.PathOf("folder")).FullName;
        File.CreateSymbolicLink(_sandbox.PathOf("link"), "folder");

        Write(format, "link/out", overwrite: true, image);
        Write(format, "link/out", overwrite: true, image);

        Assert.Equal([Path.Combine(folder, "out")], Directory.GetFileSystemEntries(folder));
        Assert.Empty(Directory.GetFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Folder_that_is_no_layout_is_never_replaced()
    {
        var image = new ExportedImage(Imported(SavedImage.Layout(1)).ManifestDigest, _names);
        Directory.CreateDirectory(_sandbox.PathOf("out/precious"));

        Assert.Throws<IOException>(() => Write("oci", image));
        Assert.Throws<IOException>(() => Write("oci-archive", image));

        Assert.True(Directory.Exists(_sandbox.PathOf("out/precious")));
    }

    [Fact]
    public void Manifest_of_docker_is_translated_and_the_blobs_stay()
    {
        var image = Imported(SavedImage.Layout(2));
        var manifest = ImageDocument.ReadManifest(_sandbox.Content.TryRead(image.ManifestDigest));
        using var staging = _sandbox.Content.Stage();
        var docker = staging.Put(ImageDocument.Write(manifest with
        {
            MediaType = MediaTypes.DockerManifest,
            Config = manifest.Config with { MediaType = MediaTypes.DockerConfig },
            Layers = [.. manifest.Layers.Select(layer => layer with { MediaType = MediaTypes.DockerLayerGzip })],
        })).Digest;
        staging.Commit();

        Write("oci", new ExportedImage(docker, _names));

        var read = _other.Import(_sandbox.PathOf("out"))[0];
        var translated = ImageDocument.ReadManifest(_other.Content.TryRead(read.ManifestDigest));
        Assert.Equal((MediaTypes.Manifest, MediaTypes.Config), (translated.MediaType, translated.Config.MediaType));
        Assert.Equal(manifest.Layers.Select(layer => layer.Digest), translated.Layers.Select(layer => layer.Digest));
        Assert.All(translated.Layers, layer => Assert.StartsWith("application/vnd.oci.", layer.MediaType, StringComparison.Ordinal));
    }

    [Fact]
    public void File_of_more_than_8_GiB_has_its_length_in_the_header()
    {
        const long Length = (9L << 30) + 1;
        using var file = new FileStream(_sandbox.PathOf("large.tar"), FileMode.CreateNew);
        var tar = new TarWriter(file);
        tar.Write(new TarEntry(TarEntryKind.File, "large") { Mode = 0x1a4 }, data =>
        {
            data.Position += Length - 1; // a hole
            data.WriteByte(1);
        });
        tar.Write(new TarEntry(TarEntryKind.File, "next") { Mode = 0x1a4 });
        tar.Finish();

        file.Position = 0;
        var reader = new TarReader(file);
        Assert.Equal(("large", Length), reader.Read() is { } large ? (large.Name, large.Size) : default);
        Assert.Equal("next", reader.Read()?.Name);
        Assert.Contains($" {Length} ", LayerSandbox.Run("tar", "-tvf", _sandbox.PathOf("large.tar")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    [InlineData("oci")]
    public void Skopeo_reads_every_image_of_an_archive(string format)
    {
        RealTools.Need("skopeo");
        var (first, second) = (Imported(SavedImage.Docker(3)), Imported(SavedImage.Layout(2)));
        Write(
            format,
            new ExportedImage(first.ManifestDigest, [_names[0]]), new ExportedImage(second.ManifestDigest, ["example.test/two:2"]));

        foreach (var (image, name) in new[] { (first, _names[0]), (second, "example.test/two:2") })
        {
            var copied = _sandbox.PathOf($"copied-{image.ConfigDigest.Hex[..8]}");
            LayerSandbox.Run("skopeo", "copy", "-q", "--insecure-policy", $"{format}:{_sandbox.PathOf("out")}:{name}", $"dir:{copied}");
            Assert.Equal(
                _sandbox.Content.TryRead(image.ConfigDigest), File.ReadAllBytes(Path.Combine(copied, image.ConfigDigest.Hex)));
        }
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public void Podman_loads_an_archive(string format)
    {
        RealTools.Need("podman");
        LayerSandbox.SkipUnlessRoot();
        var image = Imported(SavedImage.Docker(3));
        Write(format, new ExportedImage(image.ManifestDigest, ["example.test/app:1"]));
        using var storage = new ToolStorage(_sandbox.PathOf("storage"));

        storage.Run("""
            podman load --quiet --input "$1/out"
            podman image inspect --format '{{.Id}}' example.test/app:1 > "$1/id"
            podman save --quiet --output "$1/again" example.test/app:1
            """, _sandbox.Folder);

        Assert.Equal(image.ConfigDigest.Hex, File.ReadAllText(_sandbox.PathOf("id"), Encoding.UTF8).Trim());
        Assert.Equal(image.DiffIds, Assert.Single(_other.Import(_sandbox.PathOf("again"))).DiffIds);
    }

    [Fact]
    public void Umoci_unpacks_a_layout()
    {
        RealTools.Need("umoci");
        LayerSandbox.SkipUnlessRoot();
        var image = Imported(SavedImage.Layout(3));
        Write("oci", new ExportedImage(image.ManifestDigest, ["example.test/app:1"]));

        LayerSandbox.Run("umoci", "unpack", "--image", $"{_sandbox.PathOf("out")}:example.test/app:1", _sandbox.PathOf("bundle"));

        Assert.Equal("content 2", File.ReadAllText(_sandbox.PathOf("bundle/rootfs/layer2")));
    }

    private ImportedImage Imported(SavedImage saved) =>
        Assert.Single(_sandbox.Import(saved.WriteTar(_sandbox.PathOf($"{Guid.NewGuid():N}.tar"))));

    private void Write(string format, params IReadOnlyList<ExportedImage> images) => Write(format, overwrite: true, images);

    private void Write(string format, bool overwrite, params IReadOnlyList<ExportedImage> images) =>
        Write(format, "out", overwrite, images);

    private void Write(string format, string name, bool overwrite, params IReadOnlyList<ExportedImage> images)
    {
        var (path, stop) = (_sandbox.PathOf(name), TestContext.Current.CancellationToken);
        switch (format)
        {
            case "docker-archive":
                ImageArchiveWriter.WriteDockerArchive(path, overwrite, _sandbox.Content, images, stop);
                break;
            case "oci-archive":
                ImageArchiveWriter.WriteOciArchive(path, overwrite, _sandbox.Content, images, stop);
                break;
            default:
                ImageArchiveWriter.WriteOciLayout(path, overwrite, _sandbox.Content, images, stop);
                break;
        }
    }
}
