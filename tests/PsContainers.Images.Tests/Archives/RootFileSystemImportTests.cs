using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Layers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Archives;

public sealed class RootFileSystemImportTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Folder_becomes_an_image_of_one_layer()
    {
        var root = Root();

        var image = _sandbox.ImportRoot(root);

        Assert.Empty(image.Names);
        Assert.Equal("linux", image.Config.Os);
        Assert.Null(image.Config.Config!.Cmd);
        Assert.Equal(image.DiffIds, image.ChainIds);
        Assert.Equal("hello", File.ReadAllText(_sandbox.FileOf(image, "etc/greeting")));
        Assert.Equal("hello".Length, image.Size);
        Assert.Equal("../etc/greeting", new FileInfo(_sandbox.FileOf(image, "bin/link")).LinkTarget);
        var manifest = ImageDocument.ReadManifest(_sandbox.Content.TryRead(image.ManifestDigest));
        Assert.Equal(MediaTypes.Layer, Assert.Single(manifest.Layers).MediaType);
        Assert.Equal(image.DiffIds[0], manifest.Layers[0].Digest);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Owners_modes_links_and_capabilities_survive()
    {
        LayerSandbox.SkipUnlessRoot();
        var root = Root();
        LayerSandbox.Run("sh", "-c", """
            cd "$0" && cp /bin/true bin/suid && chown 12:34 bin/suid && chmod 4755 bin/suid && ln bin/suid bin/twin
            cp /bin/true bin/capable
            setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 bin/capable
            mkfifo pipe && mknod null c 1 3 && mkdir -m 1777 tmp
            """, root);

        var image = _sandbox.ImportRoot(root);

        using var bin = DirectoryDescriptor.Open(Path.GetDirectoryName(_sandbox.FileOf(image, "bin/suid"))!);
        var suid = bin.StatusOf("suid")!.Value;
        Assert.Equal((12u, 34u, 0x9ed, 2u), (suid.UserId, suid.GroupId, suid.Mode, suid.LinkCount));
        Assert.Equal(suid.Identity, bin.StatusOf("twin")!.Value.Identity);
        Assert.NotNull(bin.ReadAttribute("capable", "security.capability"));
        using var top = bin.OpenDirectory("..");
        Assert.Equal(FileKind.Fifo, top.StatusOf("pipe")!.Value.Kind);
        var device = top.StatusOf("null")!.Value;
        Assert.Equal((FileKind.CharacterDevice, 1u, 3u), (device.Kind, device.NodeMajor, device.NodeMinor));
        Assert.Equal(0x3ff, top.StatusOf("tmp")!.Value.Mode);
    }

    [Fact]
    public void Same_folder_is_the_same_image()
    {
        var root = Root();

        Assert.Equal(_sandbox.ImportRoot(root).ManifestDigest, _sandbox.ImportRoot(root + "/").ManifestDigest);
        Assert.Single(_sandbox.Layers.All());
        Assert.Equal(3, _sandbox.Content.All().Count());
    }

    [Theory]
    [InlineData("-cf", MediaTypes.Layer)]
    [InlineData("-czf", MediaTypes.LayerGzip)]
    [InlineData("--zstd -cf", MediaTypes.LayerZstd)]
    public void Archive_becomes_the_layer_as_it_is(string options, string mediaType)
    {
        var archive = _sandbox.PathOf("root.archive");
        LayerSandbox.Run("tar", [.. options.Split(' '), archive, "-C", Root(), "."]);

        var image = _sandbox.ImportRoot(archive);

        var layer = Assert.Single(ImageDocument.ReadManifest(_sandbox.Content.TryRead(image.ManifestDigest)).Layers);
        Assert.Equal(mediaType, layer.MediaType);
        Assert.Equal(Digest.Of(File.ReadAllBytes(archive)), layer.Digest);
        Assert.Equal("hello", File.ReadAllText(_sandbox.FileOf(image, "etc/greeting")));
    }

    [Fact]
    public void What_is_no_root_file_system_is_refused()
    {
        var text = _sandbox.PathOf("text");
        File.WriteAllText(text, "no archive");
        var cut = _sandbox.PathOf("cut.tar");
        File.WriteAllBytes(cut, SavedImage.LayerTar(0)[..1024]);
        var climbing = _sandbox.PathOf("climbing.tar");
        File.WriteAllBytes(climbing, LayerSandbox.Tar(LayerSandbox.File("../../escape")));

        Assert.Contains("tar archive", _sandbox.RootRefusal(text), StringComparison.Ordinal);
        Assert.Contains("cut short", _sandbox.RootRefusal(cut), StringComparison.Ordinal);
        Assert.Contains("'..'", _sandbox.RootRefusal(climbing), StringComparison.Ordinal);
        LayerSandbox.Run("mkfifo", _sandbox.PathOf("fifo"));
        Assert.Contains("not a regular file", _sandbox.RootRefusal(_sandbox.PathOf("fifo")), StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_holds_a_deletion_mark_is_refused()
    {
        var root = Root();
        File.WriteAllText(Path.Combine(root, "etc/.wh.greeting"), "");

        Assert.Contains("deletion", _sandbox.RootRefusal(root), StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_are_refused_where_they_are_not_allowed()
    {
        LayerSandbox.SkipUnlessRoot();
        var root = Root();
        LayerSandbox.Run("mknod", Path.Combine(root, "disk"), "b", "8", "0");
        _sandbox.Limits = new LayerLimits { AllowDevices = false };

        Assert.Contains("device", _sandbox.RootRefusal(root), StringComparison.Ordinal);
    }

    private string Root()
    {
        var root = Directory.CreateDirectory(_sandbox.PathOf("root")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        File.WriteAllText(Path.Combine(root, "etc/greeting"), "hello");
        File.CreateSymbolicLink(Path.Combine(root, "bin/link"), "../etc/greeting");
        return root;
    }

    [Fact]
    public void Engines_own_folder_is_left_out_of_a_folder_that_holds_it()
    {
        LayerSandbox.SkipUnlessRoot();
        File.WriteAllText(_sandbox.PathOf("file"), "content");
        _sandbox.ImportRoot(_sandbox.Folder);

        var image = _sandbox.ImportRoot(_sandbox.Folder);

        Assert.Equal("content", File.ReadAllText(_sandbox.FileOf(image, "file")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.FileOf(image, "store")));
    }

    [Fact]
    public void Folder_that_is_too_large_is_refused_before_it_is_copied()
    {
        LayerSandbox.SkipUnlessRoot();
        Directory.CreateDirectory(_sandbox.PathOf("root"));
        using (var sparse = File.Create(_sandbox.PathOf("root/lastlog")))
        {
            sparse.SetLength(1L << 40);
        }

        var message = _sandbox.RootRefusal(_sandbox.PathOf("root"));

        Assert.Contains("'lastlog' of 1099511627776 bytes the folder has more than", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_that_changes_while_it_is_read_is_imported_or_refused_in_a_word()
    {
        LayerSandbox.SkipUnlessRoot();
        Directory.CreateDirectory(_sandbox.PathOf("root/d"));
        using var end = new CancellationTokenSource();
        var changer = new Thread(() => Change(_sandbox.PathOf("root/d"), end.Token));
        changer.Start();
        try
        {
            for (var i = 0; i < 40; i++)
            {
                Attempt();
            }
        }
        finally
        {
            end.Cancel();
            changer.Join();
        }
    }

    private void Attempt()
    {
        try
        {
            _sandbox.ImportRoot(_sandbox.PathOf("root"));
        }
        catch (ImageFormatException e)
        {
            Assert.Contains("while it was read", e.Message, StringComparison.Ordinal);
        }
    }

    private static void Change(string folder, CancellationToken end)
    {
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var path = Path.Combine(folder, $"{i % 7}");
            File.WriteAllText(path, new string('x', i % 5000));
            File.Delete(path);
            Directory.CreateDirectory(Path.Combine(path, "below"));
            Directory.Delete(path, recursive: true);
            File.CreateSymbolicLink(path, "elsewhere");
            File.Delete(path);
        }
    }
}
