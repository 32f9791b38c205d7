using PsContainers.Images.Layers;
using PsContainers.Linux;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Layers;

/// <summary>What an archive says is on the disk afterwards, and nothing is anywhere else.</summary>
public sealed class LayerUnpackTests : IDisposable
{
    private readonly LayerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Attributes_are_those_of_the_archive()
    {
        SkipUnlessRoot();
        byte[] capability = [1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var file = new TarEntry(TarEntryKind.File, "suid")
        {
            Mode = 0xfff,
            UserId = 3_000_000_000,
            GroupId = 42,
            Modified = new FileTime(-100, 999_999_999),
            Attributes = new(StringComparer.Ordinal) { ["security.capability"] = capability, ["user.empty"] = [] },
        };
        var link = new TarEntry(TarEntryKind.SymbolicLink, "link")
        {
            LinkTarget = "/../../etc/shadow",
            UserId = 5,
            GroupId = 6,
            Modified = new FileTime(7, 8),
        };
        var device = new TarEntry(TarEntryKind.BlockDevice, "disk") { Mode = 0x1b0, DeviceMajor = 259, DeviceMinor = 0xfffff, GroupId = 6 };

        var directory = file with { Name = "d", Kind = TarEntryKind.Directory };
        var layer = _sandbox.Unpack(Tar((file, "x"u8.ToArray()), (link, []), (device, []), (directory, []), File("d/late")));

        using var root = DirectoryDescriptor.Open(_sandbox.PathOf(layer).TrimEnd('/'));
        foreach (var name in (string[])["suid", "d"])
        {
            var status = root.StatusOf(name)!.Value;
            Assert.Equal((0xfff, 3_000_000_000u, 42u, file.Modified), (status.Mode, status.UserId, status.GroupId, status.Modified));
            Assert.Equal(capability, root.ReadAttribute(name, "security.capability"));
            Assert.Empty(root.ReadAttribute(name, "user.empty")!);
        }

        Assert.Equal("/../../etc/shadow", root.ReadSymbolicLink("link"));
        Assert.Equal((5u, 6u, new FileTime(7, 8)), root.StatusOf("link") is { } l ? (l.UserId, l.GroupId, l.Modified) : default);
        Assert.Equal(
            (FileKind.BlockDevice, 259u, 0xfffffu, 0x1b0),
            root.StatusOf("disk") is { } d ? (d.Kind, d.NodeMajor, d.NodeMinor, d.Mode) : default);
    }

    [Fact]
    public void Links_that_leave_the_root_lead_nowhere()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "outside")).FullName;

        var layer = _sandbox.Unpack(Tar(
            Directory_("inside"),
            Directory_(outside[1..]),
            Link("absolute", outside),
            Link("climbing", "../../../../../../../.." + outside),
            Link("inside/root", "/"),
            Link("inside/up", ".."),
            File("absolute/a"),
            File("climbing/b"),
            File("inside/root/inside/c"),
            File("inside/up/d")));

        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.True(System.IO.File.Exists(_sandbox.PathOf(layer, outside[1..] + "/a")));
        Assert.True(System.IO.File.Exists(_sandbox.PathOf(layer, outside[1..] + "/b")));
        Assert.True(System.IO.File.Exists(_sandbox.PathOf(layer, "inside/c")));
        Assert.True(System.IO.File.Exists(_sandbox.PathOf(layer, "d")));
    }

    [Fact]
    public void Directory_that_becomes_a_link_is_not_remembered()
    {
        var outside = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "outside")).FullName;

        var refusal = Assert.Throws<ImageFormatException>(
            () => _sandbox.Unpack(Tar(Directory_("d"), File("d/one"), Link("d", outside), File("d/two"))));

        Assert.Contains("'d' is a symbolic link to nothing", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
    }

    [Fact]
    public void Later_entry_of_a_name_wins()
    {
        var layer = _sandbox.Unpack(Tar(
            File("a", "first"), File("a", "second"),
            Directory_("b"), File("b/below"), File("b", "file"),
            Link("c", "a"), File("c", "not through the link"),
            File("d"), Directory_("d"), File("d/below"),
            Directory_("e", 0x1c0), File("e/kept"), Directory_("e", 0x1ff),
            File("f", "f"), Link("f", "g"),
            File("h", "one"), HardLink("i", "h"), HardLink("i", "h"), HardLink("h", "i")));

        Assert.Equal("second", System.IO.File.ReadAllText(_sandbox.PathOf(layer, "a")));
        Assert.Equal("file", System.IO.File.ReadAllText(_sandbox.PathOf(layer, "b")));
        Assert.Equal("not through the link", System.IO.File.ReadAllText(_sandbox.PathOf(layer, "c")));
        Assert.True(System.IO.File.Exists(_sandbox.PathOf(layer, "d/below")));
        Assert.True(System.IO.File.Exists(_sandbox.PathOf(layer, "e/kept")));
        Assert.Equal(0x1ff, (int)System.IO.File.GetUnixFileMode(_sandbox.PathOf(layer, "e")));
        Assert.Equal("g", new FileInfo(_sandbox.PathOf(layer, "f")).LinkTarget);
        Assert.Equal(FileIdentity.Of(_sandbox.PathOf(layer, "h")), FileIdentity.Of(_sandbox.PathOf(layer, "i")));
    }

    [Fact]
    public void Hard_link_to_a_symbolic_link_is_another_name_of_the_link()
    {
        var layer = _sandbox.Unpack(Tar(Link("link", "/etc/passwd"), HardLink("hard", "link")));

        Assert.Equal("/etc/passwd", new FileInfo(_sandbox.PathOf(layer, "hard")).LinkTarget);
        Assert.Equal(FileIdentity.Of(_sandbox.PathOf(layer, "link")), FileIdentity.Of(_sandbox.PathOf(layer, "hard")));
    }

    [Fact]
    public void Directory_that_is_only_implied_looks_like_the_one_it_covers()
    {
        SkipUnlessRoot();
        var tmp = new TarEntry(TarEntryKind.Directory, "tmp") { Mode = 0x3ff, UserId = 7, GroupId = 8 };
        var root = new TarEntry(TarEntryKind.Directory, ".") { Mode = 0x1c9, UserId = 9 };
        var bottom = _sandbox.Unpack(Tar((root, []), (tmp, [])));
        var middle = _sandbox.Unpack(Tar(File("other")), bottom.ChainId);

        var top = _sandbox.Unpack(Tar(File("tmp/new/file")), middle.ChainId);

        using var tree = DirectoryDescriptor.Open(_sandbox.Store.PathOf(top.ChainId));
        using var covered = tree.OpenDirectory("tmp");
        Assert.Equal((0x1c9, 9u), (tree.Status.Mode, tree.Status.UserId));
        Assert.Equal((0x3ff, 7u, 8u), (covered.Status.Mode, covered.Status.UserId, covered.Status.GroupId));
        Assert.Equal((0x1ed, 0u), covered.StatusOf("new") is { } made ? (made.Mode, made.UserId) : default);
    }

    [Fact]
    public void Deletions_are_marked_as_overlay_wants_them()
    {
        SkipUnlessRoot();
        var below = _sandbox.Unpack(Tar(File("a"), File("d/b"), File("e/c")));

        var layer = _sandbox.Unpack(
            Tar(
                File(".wh.a"), File("d/.wh.b"), File("e/.wh..wh..opq"), File("e/new"),
                File(".wh.again"), Directory_("again"), File("again/x"),
                File("kept/y"), File(".wh.kept"),
                File("file"), File(".wh.file"),
                File(".wh.parent"), File("parent/z"),
                File(".wh..wh.plnk/1.2"), Directory_(".wh..wh.aufs")),
            below.ChainId);

        using var root = DirectoryDescriptor.Open(_sandbox.Store.PathOf(layer.ChainId));
        using var d = root.OpenDirectory("d");
        Assert.Equal((FileKind.CharacterDevice, 0u, 0u), root.StatusOf("a") is { } a ? (a.Kind, a.NodeMajor, a.NodeMinor) : default);
        Assert.Equal(FileKind.CharacterDevice, d.StatusOf("b")?.Kind);
        Assert.Equal(FileKind.Regular, root.StatusOf("file")?.Kind);
        foreach (var opaque in (string[])["e", "again", "kept", "parent"])
        {
            Assert.Equal("y"u8.ToArray(), root.ReadAttribute(opaque, "trusted.overlay.opaque"));
        }

        Assert.Null(root.ReadAttribute("d", "trusted.overlay.opaque"));
        Assert.DoesNotContain(root.Names(), name => name.StartsWith(".wh.", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_as_deep_as_paths_may_be_are_unpacked_and_removed()
    {
        var name = string.Join('/', Enumerable.Repeat("d", 2040));

        var layer = _sandbox.Unpack(Tar(File(name + "/file", "deep"), HardLink(name + "/hard", name + "/file")));

        Assert.Equal(2042, Run("find", _sandbox.PathOf(layer)).Split('\n').Length - 2);
        _sandbox.Store.Delete(layer.ChainId);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Layers));
    }

    [Fact]
    public void Names_may_begin_with_a_slash_or_a_dot()
    {
        var top = new TarEntry(TarEntryKind.Directory, "./") { Mode = 0x1c0 };
        var layer = _sandbox.Unpack(Tar(File("/a"), File("./b"), File("c//./d"), Directory_("e/"), (top, [])));

        Assert.Equal(["a", "b", "c", "e"], Directory.EnumerateFileSystemEntries(_sandbox.PathOf(layer)).Select(Path.GetFileName).Order());
        Assert.Equal(0x1c0, (int)System.IO.File.GetUnixFileMode(_sandbox.PathOf(layer)));
    }
}
