using PsContainers.Kernel.Tests.Harness;

namespace PsContainers.Kernel.Tests.Images;

/// <summary>An image of ten layers that buildah made, in both archive formats.</summary>
[Trait("Needs", OnlyOnHost)]
public sealed class BuiltImageTests(TestHost host, TenLayerArchives archives) : KernelTest(host), IClassFixture<TenLayerArchives>
{
    // What each layer did, as the last one leaves it: added, changed, deleted, replaced (opaque), hard and symbolic links, attributes,
    // modes.
    private const string Look = """
        ls /data | tr '\n' ' '; echo
        ls /data/dir
        ls -l /data/a | cut -c 1-10
        cat /data/a 2>&1
        stat -c '%a %u:%g' /data/mine
        cat /data/h2; stat -c '%h %F' /data/h2
        readlink /data/relative; readlink /data/absolute
        stat -c %F /data/pipe /data/null
        stat -c %Y /data/old
        """;

    private const string Seen = """
        a absolute color dir h2 mine null old ping pipe relative 
        z
        -rw-------
        changed
        4750 1000:1000
        shared
        2 regular file
        a
        /data/a
        fifo
        character special file
        86400
        """;

    [Theory]
    [InlineData("docker-archive")]
    [InlineData("oci-archive")]
    public void Every_layer_is_there(string kind)
    {
        var image = Import(kind);

        Assert.Equal((10, "amd64", "linux"), (image.LayerCount, image.Architecture, image.OperatingSystem));
        Assert.Equal(Seen, Run(Creation(["sh", "-c", Look], creation => creation with { Image = image.Id, User = "root" })).Text());
        Services.RemoveImage.Execute(image.Id, force: true);
    }

    [Fact]
    public void Configuration_of_the_image_holds()
    {
        var image = Import("docker-archive");

        var outcome = Run(new ContainerCreation
        {
            Image = "example.test/layers:ten",
            Command = ["sh", "-c", "pwd; id -un; echo $LAYERS"],
            RemoveOnExit = true,
        });

        Assert.Equal("/data\nalice\nten", outcome.Text());
        Assert.Equal(["cat", "/data/a"], image.Command);
        Assert.Equal("test", image.Labels["purpose"]);

        // By its id: buildah wrote the name that it has in buildah's own store into the archive as well.
        Services.RemoveImage.Execute(image.Id, force: true);
    }

    [Fact]
    public void Capability_of_a_file_survives()
    {
        var image = Import("oci-archive");

        // With no_new_privs nothing is gained from it, so that it is looked at from outside, in the layer.
        var layers = Directory.EnumerateFiles(Host.Paths.Layers, "ping", SearchOption.AllDirectories)
            .Where(path => path.EndsWith("/data/ping", StringComparison.Ordinal)).ToList();

        Assert.Contains("cap_net_raw=ep", HostCommand.Run("/usr/sbin/getcap", Assert.Single(layers)).Text(), StringComparison.Ordinal);
        var colored = Path.Join(Path.GetDirectoryName(layers[0]), "color");
        Assert.Contains("user.color=\"blue\"", HostCommand.Run("getfattr", "-d", colored).Text(), StringComparison.Ordinal);
        Services.RemoveImage.Execute(image.Id, force: true);
    }

    [Fact]
    public void Layers_of_both_archives_are_stored_once_and_go_with_the_last_image()
    {
        var before = Directory.GetDirectories(Host.Paths.Layers).Length;
        var first = Import("docker-archive");
        var between = Directory.GetDirectories(Host.Paths.Layers).Length;
        var second = Import("oci-archive");
        var after = Directory.GetDirectories(Host.Paths.Layers).Length;

        // One archive has its layers compressed, the other not.
        Assert.Equal(first.Size, second.Size);
        Services.RemoveImage.Execute(first.Id, force: true);
        if (second.Id != first.Id)
        {
            Services.RemoveImage.Execute(second.Id, force: true);
        }

        Assert.Equal((between, before), (after, Directory.GetDirectories(Host.Paths.Layers).Length));
    }

    private ContainerImage Import(string kind) =>
        Assert.Single(Services.ImportImage.Execute(new ImageImport { Path = archives.Path(kind) }));
}
