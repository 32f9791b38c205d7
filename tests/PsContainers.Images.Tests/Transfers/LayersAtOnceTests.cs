using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Layers;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Transfers;

/// <summary>Layers that are unpacked while the ones they lie on are still to come.</summary>
public sealed class LayersAtOnceTests : DownloadTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _lowerMayCome = new();

    public LayersAtOnceTests() => Assert.SkipUnless(Environment.ProcessorCount > 1, "needs two processors, one for each layer");

    [Fact]
    public async Task Upper_layer_is_unpacked_before_the_lower_one_has_come()
    {
        var lower = LayerSandbox.Tar(LayerSandbox.File("lower", "one"));
        var upper = LayerSandbox.Tar(LayerSandbox.File("upper", "two"));
        var manifest = ShelveLayers(lower, upper);
        HoldBack(lower);

        var pulling = Task.Run(() => Pull(manifest));
        await Unpacked("upper");
        Assert.False(pulling.IsCompleted);
        _lowerMayCome.SetResult();
        var image = await pulling.WaitAsync(_patience);

        Assert.Equal("two", File.ReadAllText(Sandbox.FileOf(image, "upper")));
        Assert.Equal([Digest.Of(lower), Digest.Of(upper)], image.DiffIds);
    }

    [Fact]
    public async Task Folder_that_the_upper_layer_only_implies_looks_like_the_one_of_the_lower_layer()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the owners in a layer");
        var lower = LayerSandbox.Tar(LayerSandbox.Directory_("tmp", 0x3ff), LayerSandbox.File("tmp/lower"));
        var upper = LayerSandbox.Tar(LayerSandbox.File("early"), LayerSandbox.File("tmp/upper"));
        var manifest = ShelveLayers(lower, upper);
        HoldBack(lower);

        var pulling = Task.Run(() => Pull(manifest));
        await Unpacked("early");
        _lowerMayCome.SetResult();
        var image = await pulling.WaitAsync(_patience);

        using var folder = DirectoryDescriptor.Open(Path.GetDirectoryName(Sandbox.FileOf(image, "tmp/upper"))!);
        Assert.Equal(0x3ffu, (uint)folder.Status.Mode & 0xfff);
    }

    [Fact]
    public async Task Names_of_the_lower_layer_that_an_opaque_root_hides_are_hidden()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: whiteouts are device nodes");
        var lower = LayerSandbox.Tar(LayerSandbox.File("hidden"), LayerSandbox.File("both"));
        var upper = LayerSandbox.Tar(LayerSandbox.File(".wh..wh..opq"), LayerSandbox.File("both", "mine"));
        var manifest = ShelveLayers(lower, upper);
        HoldBack(lower);

        var pulling = Task.Run(() => Pull(manifest));
        await Unpacked("both");
        _lowerMayCome.SetResult();
        var image = await pulling.WaitAsync(_patience);

        using var root = DirectoryDescriptor.Open(Path.GetDirectoryName(Sandbox.FileOf(image, "both"))!);
        Assert.True(LayerTree.IsWhiteout(root.StatusOf("hidden")!.Value));
        Assert.Equal("mine", File.ReadAllText(Sandbox.FileOf(image, "both")));
    }

    [Fact]
    public async Task Lower_layer_that_is_wrong_is_the_error_and_the_upper_one_is_waited_for_by_nobody()
    {
        var lower = LayerSandbox.Tar(LayerSandbox.File("lower", new string('x', 100_000)));
        var upper = LayerSandbox.Tar(LayerSandbox.File("early"), LayerSandbox.File("upper", new string('y', 1 << 20)));
        var manifest = ShelveLayers(lower, upper);
        var spoiled = lower.ToArray();
        spoiled[1000] ^= 1;
        Shelf[Digest.Of(lower)] = spoiled;
        var never = new TaskCompletionSource();
        Shelf.BeforePiece = (blob, position, stop) =>
            blob.Digest == Digest.Of(lower) ? _lowerMayCome.Task.WaitAsync(stop)
            : blob.Digest == Digest.Of(upper) && position >= 1 << 19 ? never.Task.WaitAsync(stop)
            : Task.CompletedTask;

        var pulling = Task.Run(() => Pull(manifest));
        await Unpacked("early");
        _lowerMayCome.SetResult();
        var error = await Assert.ThrowsAsync<ImageFormatException>(() => pulling.WaitAsync(_patience));

        Assert.Contains($"layer {Digest.Of(lower)}", error.Message, StringComparison.Ordinal);
        AssertNothingIsStored();
    }

    [Fact]
    public async Task Wish_to_stop_ends_all_that_were_begun()
    {
        var lower = LayerSandbox.Tar(LayerSandbox.File("lower"));
        var upper = LayerSandbox.Tar(LayerSandbox.File("early"), LayerSandbox.File("tmp/upper"));
        var manifest = ShelveLayers(lower, upper);
        HoldBack(lower);
        using var stop = new CancellationTokenSource();

        var pulling = Task.Run(() => Pull(manifest, stop: stop.Token));
        await Unpacked("early");
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling.WaitAsync(_patience));
        AssertNothingIsStored();
    }

    private void HoldBack(byte[] layer) => Shelf.BeforePiece = (blob, _, stop) =>
        blob.Digest == Digest.Of(layer) ? _lowerMayCome.Task.WaitAsync(stop) : Task.CompletedTask;

    private async Task Unpacked(string name)
    {
        var end = DateTime.UtcNow + _patience;
        while (!Directory.Exists(Sandbox.Ingest)
            || !Directory.EnumerateFiles(Sandbox.Ingest, name, SearchOption.AllDirectories).Any())
        {
            Assert.True(DateTime.UtcNow < end, $"'{name}' was not unpacked");
            await Task.Delay(10);
        }
    }
}
