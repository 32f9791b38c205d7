using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Images.Tests.Layers;

/// <summary>What the kernel's overlay changed, told from its layers; needs root.</summary>
public sealed class LayerComparisonTests : IDisposable
{
    private const string Base = """
        mkdir -p etc data/deep gone/below opaque kind
        echo one > etc/one; echo two > etc/two; echo same > etc/same; ln -s one etc/link
        echo x > data/deep/x; echo y > gone/below/y; echo old > opaque/old; echo both > opaque/both; echo k > kind/file
        """;

    private readonly Overlay _overlay = new();

    public LayerComparisonTests()
    {
        LayerSandbox.SkipUnlessRoot();
        _overlay.Fill(Base);
    }

    public void Dispose() => _overlay.Dispose();

    [Fact]
    public void Nothing_is_no_change() => Assert.Empty(Changes());

    [Fact]
    public void Added_modified_and_deleted_paths_are_told_with_the_directories_above()
    {
        _overlay.Change("""
            echo more >> etc/one; rm etc/two; mkdir -p new/dir; echo n > new/dir/n; rm -r gone; ln -sfn two etc/link
            """);

        Assert.Equal(
            ["M etc", "M etc/link", "M etc/one", "D etc/two", "D gone", "A new", "A new/dir", "A new/dir/n"], Changes());
    }

    [Fact]
    public void Tree_that_is_deeper_than_any_name_is_refused()
    {
        var folder = Directory.CreateTempSubdirectory("psc-deep-").FullName;
        try
        {
            var directory = DirectoryDescriptor.Open(folder);
            for (var depth = 0; depth < 2100; depth++)
            {
                using var parent = directory;
                parent.TryMakeDirectory("d", 0x1ed);
                directory = parent.OpenDirectory("d");
            }

            directory.Dispose();

            var refusal = Assert.Throws<ImageFormatException>(
                () => LayerComparison.Compare([], [folder], (_, _) => false, TestContext.Current.CancellationToken));

            Assert.EndsWith("is longer than the 4095 bytes that an image can hold", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            FileTree.Remove(folder);
        }
    }

    [Fact]
    public void What_was_touched_and_is_the_same_is_no_change()
    {
        _overlay.Change("m=$(stat -c %y etc/same); chmod 600 etc/same; chmod 644 etc/same; touch -d \"$m\" etc/same; chmod 755 data");

        Assert.Empty(Changes());
    }

    [Fact]
    public void Owner_mode_and_attributes_count_of_directories_too()
    {
        _overlay.Change("chown 1:2 etc/same; chmod 700 data; setfattr -n user.a -v b kind/file");

        Assert.Equal(["M data", "M etc", "M etc/same", "M kind", "M kind/file"], Changes());
    }

    [Fact]
    public void Replaced_directory_shows_what_is_gone_and_what_is_new()
    {
        _overlay.Change("rm -r opaque; mkdir opaque; echo other > opaque/both; echo new > opaque/new");

        Assert.Equal(["M opaque", "M opaque/both", "A opaque/new", "D opaque/old"], Changes());
    }

    [Fact]
    public void Path_that_is_something_else_now_is_modified()
    {
        _overlay.Change("rm kind/file; mkdir kind/file; echo in > kind/file/in; rm -r data; echo f > data");

        Assert.Equal(["M data", "M kind", "M kind/file", "A kind/file/in"], Changes());
    }

    [Fact]
    public void Renamed_directory_is_deleted_here_and_added_there()
    {
        _overlay.Change("mv data renamed; echo z > renamed/deep/z", "redirect_dir=on");

        Assert.Equal(["D data", "A renamed", "A renamed/deep", "A renamed/deep/x", "A renamed/deep/z"], Changes());
    }

    [Fact]
    public void Trees_that_share_no_layer_are_compared_by_what_is_in_them()
    {
        var copy = Path.Combine(Path.GetDirectoryName(_overlay.Lower)!, "copy");
        LayerSandbox.Run("cp", "-a", _overlay.Lower, copy);
        Assert.Empty(Compare([_overlay.Lower], [copy]));

        LayerSandbox.Run("sh", "-ec", "cd $0 && echo longer >> etc/one && rm -r gone && touch added", copy);

        Assert.Equal(["A added", "M etc", "M etc/one", "D gone"], Compare([_overlay.Lower], [copy]));
    }

    [Fact]
    public void Lower_directories_are_not_read()
    {
        _overlay.Fill("mkdir large; cd large; seq 1 2000 | xargs touch");
        _overlay.Change("rm large/1000; touch large/2001");
        var looked = new List<string>();

        LayerComparison.Compare(
            [_overlay.Lower],
            _overlay.Layers,
            (path, _) =>
            {
                looked.Add(path);
                return false;
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(["large", "large/2001"], looked);
    }

    private List<string> Changes() => Compare([_overlay.Lower], _overlay.Layers);

    private static List<string> Compare(IReadOnlyList<string> before, IReadOnlyList<string> after) =>
    [
        .. LayerComparison.Compare(before, after, static (_, _) => false, TestContext.Current.CancellationToken)
            .Select(change => $"{change.Kind.ToString()[0]} {change.Path}"),
    ];
}
