using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Layers;
using PsContainers.Linux;
using PsContainers.Oci;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Snapshots;

public sealed class SnapshotsTests : IDisposable
{
    private readonly LayerSandbox _sandbox = new();

    private string Containers => Path.Combine(_sandbox.Folder, "containers");

    private Images.Snapshots.Snapshots Snapshots => new(_sandbox.Store, Containers);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Mount_names_the_top_layer_first()
    {
        var bottom = _sandbox.Unpack(Tar(File("a")));
        var top = _sandbox.Unpack(Tar(File("b")), bottom.ChainId);

        var mount = Snapshots.Prepare("web", [bottom.ChainId, top.ChainId], discardable: false);

        Assert.Equal(("/", "overlay", "overlay"), (mount.Destination, mount.Type, mount.Source));
        Assert.Equal(
            [
                $"lowerdir={_sandbox.Store.PathOf(top.ChainId)}:{_sandbox.Store.PathOf(bottom.ChainId)}",
                $"upperdir={Containers}/web/upper",
                $"workdir={Containers}/web/work",
            ],
            mount.Options!);
    }

    [Fact]
    public void Discardable_changes_are_volatile() =>
        Assert.Equal("volatile", Snapshots.Prepare("web", [_sandbox.Unpack(Tar(File("a"))).ChainId], discardable: true).Options![^1]);

    [Fact]
    public void Root_looks_like_that_of_the_top_layer()
    {
        SkipUnlessRoot();
        var layer = _sandbox.Unpack(Tar((new TarEntry(TarEntryKind.Directory, ".") { Mode = 0x3c0, UserId = 5, GroupId = 6 }, [])));

        Snapshots.Prepare("web", [layer.ChainId], discardable: false);

        using var upper = DirectoryDescriptor.Open(Path.Combine(Containers, "web/upper"));
        Assert.Equal((0x3c0, 5u, 6u), (upper.Status.Mode, upper.Status.UserId, upper.Status.GroupId));
    }

    [Fact]
    public void Missing_layer_is_named()
    {
        var missing = Digest.Of([1]);

        var refusal = Assert.Throws<ImageFormatException>(() => Snapshots.Prepare("web", [missing], discardable: false));

        Assert.Contains(missing.ToString(), refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Containers, "web")));
    }

    [Fact]
    public void Removing_twice_is_fine_and_takes_locked_folders_too()
    {
        Snapshots.Prepare("web", [_sandbox.Unpack(Tar(File("a"))).ChainId], discardable: false);
        var locked = Directory.CreateDirectory(Path.Combine(Containers, "web/upper/locked/below"), UnixFileMode.None);
        System.IO.File.SetUnixFileMode(locked.Parent!.FullName, UnixFileMode.None);

        Snapshots.Remove("web");
        Snapshots.Remove("web");
        Snapshots.Remove("never");

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(Containers, "web")));
    }

    [Fact]
    public void Tree_too_deep_for_any_path_is_removed()
    {
        Snapshots.Prepare("web", [_sandbox.Unpack(Tar(File("a"))).ChainId], discardable: false);
        var deepest = DirectoryDescriptor.Open(Path.Combine(Containers, "web/upper"));
        for (var depth = 0; depth < 3000; depth++)
        {
            deepest.TryMakeDirectory("directory", 0x1c0);
            using var above = deepest;
            deepest = above.OpenDirectory("directory");
        }

        deepest.Dispose();

        Snapshots.Remove("web");

        Assert.False(Directory.Exists(Path.Combine(Containers, "web/upper")));
    }

    [Fact]
    public void Overlay_shows_layers_deletions_and_changes()
    {
        SkipUnlessRoot();
        var chains = Stack(
            Tar(File("deleted"), File("kept", "bottom"), File("d/hidden"), File("d/deleted"), File("again/old"), Directory_("tmp", 0x3ff)),
            Tar(
                File(".wh.deleted"), File("d/.wh..wh..opq"), File("d/new"),
                File(".wh.again"), Directory_("again"), File("again/new"), File("tmp/x")),
            Tar(File("kept", "top")));
        var options = string.Join(',', Snapshots.Prepare("web", chains, discardable: false).Options!);

        var seen = Mounted(options, "cat kept; ls -m . d again; stat -c %a tmp; echo changed > kept; rm d/new");

        Assert.Equal("top.:\nagain, d, kept, tmp\n\nagain:\nnew\n\nd:\nnew\n1777\n", seen);
        Assert.Equal("changed\n", Mounted(options, "cat kept; ls d"));
        Assert.Equal("top", System.IO.File.ReadAllText(Path.Combine(_sandbox.Store.PathOf(chains[2]), "kept")));
    }

    [Fact]
    public void Root_that_is_opaque_hides_all_below()
    {
        SkipUnlessRoot();
        var chains = Stack(
            Tar(File("a"), File("b/c"), File("gone")),
            Tar(File(".wh.gone"), File("d")),
            Tar(File(".wh..wh..opq"), File("b/new"), File("only")));
        var options = string.Join(',', Snapshots.Prepare("web", chains, discardable: false).Options!);

        Assert.Equal(".:\nb, only\n\nb:\nnew\n", Mounted(options, "ls -m . b"));
    }

    [Fact]
    public void Discardable_container_whose_mount_ended_badly_can_be_mounted_again()
    {
        SkipUnlessRoot();
        var chain = _sandbox.Unpack(Tar(File("a"))).ChainId;
        var options = string.Join(',', Snapshots.Prepare("web", [chain], discardable: true).Options!);

        Mounted(options, "echo written > b");
        Assert.True(Directory.Exists(Path.Combine(Containers, "web/work/work/incompat/volatile")));
        Snapshots.Prepare("web", [chain], discardable: true);

        Assert.Equal("written\n", Mounted(options, "cat b"));
    }

    [Fact]
    public void Image_without_layers_is_an_empty_root()
    {
        SkipUnlessRoot();

        Assert.Equal("", Mounted(string.Join(',', Snapshots.Prepare("web", [], discardable: true).Options!), "ls -A"));
    }

    [Fact]
    public void Paths_with_separators_are_escaped()
    {
        SkipUnlessRoot();
        var folder = Path.Combine(_sandbox.Folder, "a,b:c\\d");
        var store = new LayerStore(Path.Combine(folder, "layers"), Path.Combine(folder, "ingest"));
        var layer = store.Unpack(new MemoryStream(Tar(File("seen"))), null, null, LayerLimits.Default, default);

        var mount = new Images.Snapshots.Snapshots(store, Path.Combine(folder, "containers"))
            .Prepare("web", [layer.ChainId], discardable: false);

        Assert.Equal("seen\n", Mounted(string.Join(',', mount.Options!), "ls"));
    }

    private Digest[] Stack(params ReadOnlySpan<byte[]> tars)
    {
        var chains = new List<Digest>();
        foreach (var tar in tars)
        {
            chains.Add(_sandbox.Unpack(tar, chains.Count == 0 ? null : chains[^1]).ChainId);
        }

        return [.. chains];
    }

    // Mounted by mount(2) in a namespace of its own, which ends with the shell.
    private string Mounted(string options, string script)
    {
        var target = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "mounted")).FullName;
        return Run(
            "unshare", "-m", "sh", "-ec",
            $"LIBMOUNT_FORCE_MOUNT2=always mount -i -t overlay overlay -o \"$1\" \"$2\"; cd \"$2\"; {script}", "sh", options, target);
    }
}
