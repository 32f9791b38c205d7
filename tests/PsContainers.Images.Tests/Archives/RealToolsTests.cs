using System.Text.Json.Nodes;
using PsContainers.Images.Tests.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Archives;

/// <summary>Images that the usual tools made, and ours given back to them.</summary>
public sealed class RealToolsTests : IDisposable
{
    private readonly ImageSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("oci", "")]
    [InlineData("oci-archive", "")]
    [InlineData("docker-archive", "")]
    [InlineData("oci", "--dest-compress-format zstd")]
    public void What_skopeo_writes_is_imported(string transport, string options)
    {
        RealTools.Need("skopeo");
        var source = SavedImage.Layout(3, "app:1").WriteFolder(_sandbox.PathOf("source"));
        var target = _sandbox.PathOf("target");
        string[] copy = ["copy", "-q", "--insecure-policy", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        LayerSandbox.Run("skopeo", [.. copy, $"oci:{source}:app:1", $"{transport}:{target}:app:1"]);

        var image = Assert.Single(_sandbox.Import(target));

        Assert.Equal(["docker.io/library/app:1"], image.Names);
        Assert.Equal("content 2", File.ReadAllText(_sandbox.FileOf(image, "layer2")));
        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => Digest.Of(SavedImage.LayerTar(i)))], image.DiffIds);
    }

    [Fact]
    public void What_umoci_builds_is_imported_with_its_deletions()
    {
        RealTools.Need("umoci");
        LayerSandbox.SkipUnlessRoot();
        var (layout, bundle) = (_sandbox.PathOf("layout"), _sandbox.PathOf("bundle"));
        LayerSandbox.Run("sh", "-ec", """
            umoci init --layout "$0"
            umoci new --image "$0:app"
            umoci unpack --image "$0:app" "$1"
            mkdir -p "$1/rootfs/etc" "$1/rootfs/gone"
            echo one > "$1/rootfs/etc/a"; chmod 4711 "$1/rootfs/etc/a"; echo two > "$1/rootfs/gone/b"
            umoci repack --image "$0:app" --refresh-bundle "$1"
            rm -r "$1/rootfs/gone" && echo three > "$1/rootfs/etc/c" && ln -s /etc/a "$1/rootfs/etc/absolute"
            umoci repack --image "$0:app" --refresh-bundle "$1"
            umoci config --image "$0:app" --config.cmd /bin/true --config.env A=b --config.user 1:2 --config.label l=m
            umoci gc --layout "$0"
            """, layout, bundle);

        var image = Assert.Single(_sandbox.Import(layout));

        Assert.Equal(2, image.ChainIds.Count);
        Assert.Equal(["/bin/true"], image.Config.Config!.Cmd!);
        Assert.Equal("1:2", image.Config.Config.User);
        Assert.Equal("m", image.Config.Config.Labels!["l"]);
        Assert.Equal("three\n", File.ReadAllText(_sandbox.FileOf(image, "etc/c")));
        Assert.Equal("/etc/a", new FileInfo(_sandbox.FileOf(image, "etc/absolute")).LinkTarget);
        Assert.Equal("character special file 0 0", Stat(_sandbox.FileOf(image, "gone"), "%F %t %T"));
        Assert.Equal("4711", Stat(_sandbox.FileOf(image, "etc/a"), "%a"));
    }

    [Theory]
    [InlineData("oci-archive")]
    [InlineData("docker-archive")]
    public void What_buildah_builds_is_imported(string transport)
    {
        RealTools.Need("buildah");
        LayerSandbox.SkipUnlessRoot();
        var archive = _sandbox.PathOf("image.tar");
        using var storage = new ToolStorage(_sandbox.PathOf("storage"));
        storage.Run("""
            c=$(buildah from scratch)
            echo hello > "$1/greeting"
            buildah copy --quiet --chown 12:34 $c "$1/greeting" /etc/greeting
            buildah config --cmd '["/etc/greeting"]' --env A=b --workingdir /etc --stop-signal SIGINT --port 80 --volume /data $c
            buildah commit --quiet $c localhost/team/app:v1
            buildah push --quiet localhost/team/app:v1 "$2:$3:localhost/team/app:v1"
            """, _sandbox.Folder, transport, archive);

        var image = Assert.Single(_sandbox.Import(archive));

        Assert.Equal(["localhost/team/app:v1"], image.Names);
        Assert.Equal("hello\n", File.ReadAllText(_sandbox.FileOf(image, "etc/greeting")));
        Assert.Equal("12 34", Stat(_sandbox.FileOf(image, "etc/greeting"), "%u %g"));
        var config = image.Config.Config!;
        Assert.Equal(["/etc/greeting"], config.Cmd!);
        Assert.Equal(("/etc", "2"), (config.WorkingDir, config.StopSignal?.Replace("SIGINT", "2", StringComparison.Ordinal)));
        Assert.Equal(["80"], config.ExposedPorts!.Select(port => port.Split('/')[0]));
        Assert.Equal(["/data"], config.Volumes!);
    }

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public void What_podman_saves_is_imported(string format)
    {
        RealTools.Need("podman");
        LayerSandbox.SkipUnlessRoot();
        var archive = _sandbox.PathOf("image.tar");
        LayerSandbox.Run("tar", "-C", SavedImage.Layout().WriteFolder(_sandbox.PathOf("root")), "-cf", _sandbox.PathOf("root.tar"), ".");
        using var storage = new ToolStorage(_sandbox.PathOf("storage"));
        storage.Run("""
            podman import --quiet --change 'CMD ["/bin/sh"]' "$1" localhost/app:v2
            podman save --quiet --format "$2" --output "$3" localhost/app:v2
            """, _sandbox.PathOf("root.tar"), format, archive);

        var image = Assert.Single(_sandbox.Import(archive));

        Assert.Equal(["localhost/app:v2"], image.Names);
        Assert.Equal(["/bin/sh"], image.Config.Config!.Cmd!);
        Assert.True(File.Exists(_sandbox.FileOf(image, "oci-layout")));
    }

    [Fact]
    public void Several_images_of_one_podman_archive_are_imported()
    {
        RealTools.Need("podman");
        LayerSandbox.SkipUnlessRoot();
        File.WriteAllBytes(_sandbox.PathOf("a.tar"), SavedImage.LayerTar(1));
        File.WriteAllBytes(_sandbox.PathOf("b.tar"), SavedImage.LayerTar(2));
        using var storage = new ToolStorage(_sandbox.PathOf("storage"));
        storage.Run("""
            podman import --quiet "$1/a.tar" localhost/a
            podman import --quiet "$1/b.tar" localhost/b:v1
            podman tag localhost/b:v1 localhost/b:v2
            podman save --quiet --multi-image-archive --output "$1/images.tar" localhost/a localhost/b:v1 localhost/b:v2
            """, _sandbox.Folder);

        var images = _sandbox.Import(_sandbox.PathOf("images.tar"));

        Assert.Equal(
            ["localhost/a:latest", "localhost/b:v1 localhost/b:v2"],
            images.Select(image => string.Join(' ', image.Names.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Skopeo_accepts_the_manifest_that_we_make(bool isDocker)
    {
        RealTools.Need("skopeo");
        var image = isDocker
            ? Assert.Single(_sandbox.Import(SavedImage.Docker(2).WriteTar(_sandbox.PathOf("image.tar"))))
            : _sandbox.ImportRoot(SavedImage.Layout().WriteFolder(_sandbox.PathOf("root")));
        var layout = Directory.CreateDirectory(_sandbox.PathOf("layout")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(layout, "blobs"), _sandbox.PathOf("store/blobs"));
        var saved = new SavedImage();
        saved.WriteIndex(new JsonObject
        {
            ["mediaType"] = MediaTypes.Manifest,
            ["digest"] = image.ManifestDigest.ToString(),
            ["size"] = _sandbox.Content.SizeOf(image.ManifestDigest),
        });
        saved.WriteFolder(layout);

        var copied = _sandbox.PathOf("copied");
        LayerSandbox.Run("skopeo", "copy", "-q", "--insecure-policy", "--preserve-digests", $"oci:{layout}", $"dir:{copied}");

        Assert.Equal(_sandbox.Content.TryRead(image.ManifestDigest), File.ReadAllBytes(Path.Combine(copied, "manifest.json")));
    }

    private static string Stat(string path, string format) => LayerSandbox.Run("stat", "-c", format, path).TrimEnd();
}
