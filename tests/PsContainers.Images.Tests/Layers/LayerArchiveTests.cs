using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Layers;

/// <summary>What the kernel's overlay made, archived, unpacked again and compared with what the kernel shows; needs root.</summary>
public sealed class LayerArchiveTests : IDisposable
{
    // Owners, modes, times, attributes, links, devices, names.
    private const string Base = """
        mkdir -p etc usr/bin data/deep/er tmp empty gone/below opaque swap moved/inner
        chmod 1777 tmp; chown 7:8 data; chmod 2750 data
        echo one > etc/one; echo two > etc/two; echo three > data/deep/er/three
        cp /bin/true usr/bin/suid; chown 12:34 usr/bin/suid; chmod 6755 usr/bin/suid
        cp /bin/true usr/bin/capable; setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 usr/bin/capable
        echo linked > etc/linked; ln etc/linked data/linked
        ln -s ../etc/one data/link; ln -s /nowhere/at/all data/absolute; chown -h 5:6 data/absolute
        mknod null c 1 3; mknod block b 7 300; mkfifo pipe
        echo x > opaque/old; echo y > gone/below/y; echo s > swap/file; echo m > moved/inner/m; echo k > moved/k
        touch -h -d '2001-02-03 04:05:06.789012345' etc/one data/link; touch -d '1965-01-01 00:00:00.5' etc/two
        """;

    private const string Changes = """
        echo more >> etc/one; rm etc/two; rm -r gone; rm -r opaque; mkdir opaque; echo new > opaque/new
        rm -r swap; echo file > swap; rm data/link; mkdir data/link; echo in > data/link/in
        chmod 4711 usr/bin/capable; setfattr -n security.capability -v 0x0100000200040000000000000000000000000000 usr/bin/capable
        chown 1000:1000 usr/bin/suid; chmod 4750 usr/bin/suid
        mkdir -p new/a/b new/c; echo h > new/a/h; ln new/a/h new/c/h; ln new/a/h new/a/b/h; ln -s h new/a/s; ln new/a/s new/c/s
        setfattr -n user.color -v blue new/a/h; setfattr -n user.empty new/c; setfattr -n trusted.mine -v 0x00ff new/a/b
        mknod new/tty c 5 0; mknod new/loop b 7 1000; mkfifo -m 600 new/pipe; rm null
        printf 'x' > "new/$(printf 'Latin \344')"; echo u > 'new/Ünï ćode 日本 = name'
        n=$(printf 'n%.0s' $(seq 200)); mkdir -p "new/$n/$n"; echo long > "new/$n/$n/$n"
        truncate -s 40M new/sparse; printf 'middle' | dd of=new/sparse bs=1 seek=20000000 conv=notrunc status=none
        truncate -s 5M new/hole; echo end >> new/hole
        touch -d '2020-01-02 03:04:05.000000001' new/a/h; touch -d '1969-12-31 23:59:58.25' new/c; touch -d '@4398046511104' new/a
        chmod 3777 tmp; chown 4294967290:4294967291 empty; touch -d '2011-01-01' tmp data
        """;

    private readonly Overlay _overlay = new();
    private readonly LayerSandbox _sandbox = new();

    public LayerArchiveTests() => LayerSandbox.SkipUnlessRoot();

    public void Dispose()
    {
        _overlay.Dispose();
        _sandbox.Dispose();
    }

    [Fact]
    public void Changes_on_top_of_the_lower_layer_are_the_same_tree()
    {
        _overlay.Fill(Base);
        _overlay.Change(Changes);

        AssertChangesGive(_overlay.Seen());
    }

    [Fact]
    public void Merged_tree_is_the_same_tree()
    {
        _overlay.Fill(Base);
        _overlay.Change(Changes);

        var tree = Unpack(Archive(LayerArchive.WriteMerged));

        Assert.Equal(_overlay.Seen(), Overlay.Describe(tree));
    }

    [Theory]
    [InlineData("redirect_dir=on")]
    [InlineData("redirect_dir=on,metacopy=on")]
    public void What_overlay_only_redirects_to_is_written_whole(string options)
    {
        const string Renames = """
            mv data/deep elsewhere; mv moved/inner moved/renamed; mkdir moved/inner; echo other > moved/inner/other
            chmod 600 etc/one; chown 3:4 usr/bin/suid; chmod 4755 usr/bin/suid; mv usr/bin/capable etc/capable
            mv opaque elsewhere/opaque; echo added > elsewhere/er/added; rm elsewhere/er/three
            """;
        _overlay.Fill(Base);
        _overlay.Change(Renames, options);
        var attributes = LayerSandbox.Run("getfattr", "-R", "-d", "-m", "-", _overlay.Upper);
        Assert.Contains("trusted.overlay.redirect", attributes, StringComparison.Ordinal);
        var isMetadataOnly = attributes.Contains("trusted.overlay.metacopy", StringComparison.Ordinal);
        Assert.Equal(options.Contains("metacopy", StringComparison.Ordinal), isMetadataOnly);

        AssertChangesGive(_overlay.Seen(options));
        Assert.Equal(_overlay.Seen(options), Overlay.Describe(Unpack(Archive(LayerArchive.WriteMerged))));
    }

    [Fact]
    public void Only_what_changed_is_in_the_archive()
    {
        _overlay.Fill(Base);
        _overlay.Change("echo more >> etc/one; rm etc/two; mkdir -p fresh/dir; rm -r opaque; mkdir opaque");

        Assert.Equal(
            [".", "etc", "etc/one", "etc/.wh.two", "fresh", "fresh/dir", "opaque", "opaque/.wh..wh..opq"],
            Entries(Archive(LayerArchive.WriteChanges)).Select(entry => entry.Name));
    }

    [Fact]
    public void Nothing_changed_is_the_root_alone()
    {
        _overlay.Fill(Base);

        Assert.Equal(["."], Entries(Archive(LayerArchive.WriteChanges)).Select(entry => entry.Name));
    }

    [Fact]
    public void Holes_stay_holes_and_the_archive_small()
    {
        _overlay.Change("truncate -s 20G large; printf 'end' >> large");

        var tar = Archive(LayerArchive.WriteChanges);

        Assert.InRange(tar.Length, 1, 100_000);
        var entry = Entries(tar).Single(entry => entry.Name == "large");
        Assert.Equal((20L << 30) + 3, entry.Size);
        var tree = Unpack(tar);
        Assert.Equal("end", LayerSandbox.Run("tail", "-c", "3", $"{tree}/large"));
        Assert.InRange(int.Parse(LayerSandbox.Run("du", "-k", $"{tree}/large").Split('\t')[0], null), 0, 1000);
    }

    [Fact]
    public void Gnu_tar_reads_what_is_written()
    {
        _overlay.Fill(Base);
        _overlay.Change(Changes);
        var (path, tree) = (Path.Combine(_sandbox.Folder, "merged.tar"), Directory.CreateDirectory($"{_sandbox.Folder}/tree").FullName);
        System.IO.File.WriteAllBytes(path, Archive(LayerArchive.WriteMerged));

        LayerSandbox.Run("tar", "-C", tree, "--xattrs", "--xattrs-include=*", "--numeric-owner", "-xpf", path);

        Assert.Equal(_overlay.Seen(), Overlay.Describe(tree));
    }

    [Fact]
    public void Name_that_means_a_deletion_is_refused()
    {
        _overlay.Change("echo x > .wh.name");

        Assert.Contains(
            "'.wh.name'", Assert.Throws<ImageFormatException>(() => Archive(LayerArchive.WriteChanges)).Message, StringComparison.Ordinal);
    }

    private delegate void Writer(
        IReadOnlyList<string> layers, Stream target, Func<string, Linux.FileStat, bool> isLeftOut, CancellationToken stop);

    private byte[] Archive(Writer writer)
    {
        using var bytes = new MemoryStream();
        writer(_overlay.Layers, bytes, static (_, _) => false, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    private static List<TarEntry> Entries(byte[] tar)
    {
        var reader = new TarReader(new MemoryStream(tar));
        var entries = new List<TarEntry>();
        while (reader.Read() is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private string Unpack(byte[] tar, Digest? parent = null) => _sandbox.PathOf(_sandbox.Unpack(tar, parent));

    // The lower layer and the changes, both unpacked into the store and stacked by the kernel.
    private void AssertChangesGive(string seen)
    {
        using var lower = new MemoryStream();
        DirectoryArchive.Write(_overlay.Lower, lower, LayerLimits.Default, [], TestContext.Current.CancellationToken);
        var below = _sandbox.Unpack(lower.ToArray());
        var top = Unpack(Archive(LayerArchive.WriteChanges), below.ChainId);

        using var merged = new MemoryStream();
        var stop = TestContext.Current.CancellationToken;
        LayerArchive.WriteMerged([top, _sandbox.PathOf(below)], merged, static (_, _) => false, stop);
        Assert.Equal(seen, Overlay.Describe(Unpack(merged.ToArray())));

        var mounted = LayerSandbox.Run(
            "unshare", "-m", "bash", "-ec", "mount -t overlay -o \"lowerdir=$1:$2\" overlay \"$3\"\nexec \"$0\" -ec \"$4\" sh \"$3\"",
            "sh", top, _sandbox.PathOf(below), Directory.CreateDirectory($"{_sandbox.Folder}/mnt").FullName, Overlay.Description);
        Assert.Equal(seen, mounted);
    }
}
