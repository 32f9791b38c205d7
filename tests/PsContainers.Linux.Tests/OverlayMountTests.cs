namespace PsContainers.Linux.Tests;

/// <summary>Stacks that are mounted nowhere.</summary>
public sealed class OverlayMountTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("psc-overlay-").FullName;

    public void Dispose() => FileTree.Remove(_folder);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Stack_shows_its_layers_and_is_mounted_nowhere(bool asOldKernels)
    {
        var layers = Layers("upper", "lower");
        using (var upper = DirectoryDescriptor.Open(layers[0]))
        {
            upper.TryMakeNode("hidden", FileKind.CharacterDevice);
        }

        File.WriteAllText(Path.Combine(layers[1], "hidden"), "");
        var before = File.ReadAllText("/proc/self/mountinfo");

        using var top = asOldKernels ? OverlayMount.OpenByText(layers) : OverlayMount.Open(layers);

        Assert.Equal(["lower", "upper"], top.Names().Order(StringComparer.Ordinal));
        Assert.Null(top.StatusOf("hidden"));
        using (var file = top.OpenInRoot(".")!.OpenFile("lower"))
        {
            var content = new byte[5];
            Assert.Equal(5, file.ReadAt(content, 0));
            Assert.Equal("lower"u8, content);
        }

        Assert.Equal(Errno.EROFS, Assert.Throws<LinuxException>(() => top.TryMakeDirectory("new", 0x1ed)).Errno);
        Assert.Equal(before, File.ReadAllText("/proc/self/mountinfo"));
    }

    [Fact]
    public void One_layer_alone_can_be_read_and_not_written()
    {
        using var top = OverlayMount.Open(Layers("only"));

        Assert.Equal(["only"], top.Names());
        Assert.Equal(Errno.EROFS, Assert.Throws<LinuxException>(() => top.TryMakeDirectory("new", 0x1ed)).Errno);
    }

    [Fact]
    public void Paths_lead_over_links_of_the_stack_only()
    {
        var layers = Layers("upper", "lower");
        Directory.CreateDirectory(Path.Combine(layers[1], "etc/found"));
        File.CreateSymbolicLink(Path.Combine(layers[0], "link"), "/../etc");

        using var top = OverlayMount.Open(layers);

        Assert.Equal(["found"], top.OpenInRoot("link")!.Names());
    }

    [Fact]
    public void Two_hundred_layers_are_one()
    {
        using var top = OverlayMount.Open(Layers([.. Enumerable.Range(0, 200).Select(i => $"layer{i}")]));

        Assert.Equal(200, top.Names().Count);
    }

    [Fact]
    public void More_layers_than_an_old_kernel_takes_are_an_error() => Assert.Equal(
        Errno.E2BIG,
        Assert.Throws<LinuxException>(() => OverlayMount.OpenByText(Layers([.. Enumerable.Range(0, 30).Select(i => $"{i}")]))).Errno);

    [Fact]
    public void Layer_that_is_not_there_is_named() => Assert.Contains(
        "missing", Assert.Throws<LinuxException>(() => OverlayMount.Open([.. Layers("x"), "/missing"])).Message, StringComparison.Ordinal);

    // Each with one file that is called as the layer is.
    private string[] Layers(params string[] names)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: mounts");
        return [.. names.Select(name =>
        {
            var layer = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
            File.WriteAllText(Path.Combine(layer, name), name);
            return layer;
        })];
    }
}
