using System.Security.Cryptography;
using System.Text;
using PsContainers.Images.Layers;
using PsContainers.Images.Tests.Archives;
using PsContainers.Images.Tests.Layers;
using PsContainers.Images.Transfers;
using PsContainers.Oci;

namespace PsContainers.Images.Tests.Transfers;

public sealed class ImageDownloadTests : DownloadTest
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void Image_is_the_same_as_from_a_layout()
    {
        var manifest = Shelve(SavedImage.Layout(layers: 3));

        var image = Pull(manifest);

        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => Digest.Of(SavedImage.LayerTar(i)))], image.DiffIds);
        Assert.Equal("content 2", File.ReadAllText(Sandbox.FileOf(image, "layer2")));
        Assert.Equal(manifest, Sandbox.Content.TryRead(image.ManifestDigest));
        Assert.Equal(5, Sandbox.Content.All().Count());
        Assert.Empty(Folder.Files());
    }

    [Fact]
    public void Layer_that_an_image_has_twice_is_fetched_once()
    {
        var saved = new SavedImage();
        var tar = SavedImage.LayerTar(0);
        saved.AddImage(null, [tar, SavedImage.LayerTar(1), tar]);

        var image = Pull(Shelve(saved));

        Assert.Equal(3, image.ChainIds.Count);
        Assert.Single(Shelf.Requests, request => request.Blob == Digest.Of(tar));
    }

    [Fact]
    public async Task Layer_is_unpacked_while_the_rest_of_it_is_still_to_come()
    {
        var tar = LayerSandbox.Tar(LayerSandbox.File("first", "here"), LayerSandbox.File("second", new string('x', 4 << 20)));
        var manifest = ShelveLayers(tar);
        var mayGoOn = new TaskCompletionSource();
        Shelf.BeforePiece = (blob, position, stop) =>
            blob.Digest == Digest.Of(tar) && position > 2 << 20 ? mayGoOn.Task.WaitAsync(stop) : Task.CompletedTask;

        var pulling = Task.Run(() => Pull(manifest));
        var isThere = await Eventually(() => Directory.Exists(Sandbox.Ingest)
            && Directory.EnumerateFiles(Sandbox.Ingest, "first", SearchOption.AllDirectories).Any());

        Assert.True(isThere);
        Assert.False(pulling.IsCompleted);
        mayGoOn.SetResult();
        Assert.Equal("here", File.ReadAllText(Sandbox.FileOf(await pulling.WaitAsync(_patience), "first")));
    }

    [Fact]
    public async Task Layers_come_several_at_once()
    {
        var tars = Enumerable.Range(0, 4).Select(SavedImage.LayerTar).ToArray();
        var manifest = ShelveLayers(tars);
        var isOpen = new CountdownEvent(4);
        var all = new TaskCompletionSource();
        Shelf.BeforePiece = (blob, position, stop) =>
        {
            if (position > 0 || !tars.Any(tar => blob.Digest == Digest.Of(tar)))
            {
                return Task.CompletedTask;
            }

            // Nobody gets a byte before all four are asked for.
            if (isOpen.Signal())
            {
                all.SetResult();
            }

            return all.Task.WaitAsync(stop);
        };

        Assert.Equal(4, (await Task.Run(() => Pull(manifest)).WaitAsync(_patience)).ChainIds.Count);
    }

    [Fact]
    public void Cut_leaves_what_came_and_the_next_try_asks_for_the_rest_only()
    {
        var tar = LayerSandbox.Tar(LayerSandbox.File("big", new string('x', 1 << 20)));
        var manifest = ShelveLayers(tar);
        Shelf.BeforePiece = (blob, position, _) => blob.Digest == Digest.Of(tar) && position > 1 << 19
            ? throw new IOException("the line is dead")
            : Task.CompletedTask;

        Assert.Contains("the line is dead", Assert.Throws<IOException>(() => Pull(manifest)).Message, StringComparison.Ordinal);

        var part = Assert.Single(Folder.Files()).Length;
        Assert.InRange(part, 1 << 19, 1 << 20);
        AssertNothingIsStored();
        Shelf.BeforePiece = (_, _, _) => Task.CompletedTask;
        Shelf.Requests.Clear();

        Pull(manifest);

        Assert.Equal((Digest.Of(tar), part), Assert.Single(Shelf.Requests, request => request.Blob == Digest.Of(tar)));
        Assert.Empty(Folder.Files());
    }

    [Fact]
    public void Damaged_part_of_an_earlier_try_is_thrown_away_and_fetched_again()
    {
        var tar = LayerSandbox.Tar(LayerSandbox.File("big", new string('x', 1 << 20)));
        var manifest = ShelveLayers(tar);
        Directory.CreateDirectory(Downloads);
        File.WriteAllBytes(Path.Join(Downloads, $"sha256-{Digest.Of(tar).Hex}.part"), new byte[1 << 19]);

        var image = Pull(manifest);

        Assert.Equal(1 << 20, new FileInfo(Sandbox.FileOf(image, "big")).Length);
        Assert.Equal([1 << 19, 0], Shelf.Requests.Where(request => request.Blob == Digest.Of(tar)).Select(request => request.Offset));
    }

    [Fact]
    public void Whole_download_that_a_power_cut_damaged_is_thrown_away_and_fetched_again()
    {
        var tar = SavedImage.LayerTar(0);
        var manifest = ShelveLayers(tar);
        Directory.CreateDirectory(Downloads);
        File.WriteAllBytes(Path.Join(Downloads, $"sha256-{Digest.Of(tar).Hex}"), []);

        Pull(manifest);

        Assert.Equal(tar.Length, Sandbox.Content.SizeOf(Digest.Of(tar)));
        Assert.Empty(Folder.Files());
    }

    [Fact]
    public void Wrong_bytes_are_an_error_that_names_the_layer_and_nothing_of_them_stays()
    {
        var tar = SavedImage.LayerTar(0);
        var manifest = ShelveLayers(tar);
        Shelf[Digest.Of(tar)] = [.. tar[..^1], 1];

        var error = Assert.Throws<ImageFormatException>(() => Pull(manifest));

        Assert.Contains($"layer {Digest.Of(tar)}: its digest is sha256:", error.Message, StringComparison.Ordinal);
        Assert.Empty(Folder.Files());
        AssertNothingIsStored();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Blob_that_is_shorter_or_longer_than_its_descriptor_says_is_refused(int difference)
    {
        var tar = SavedImage.LayerTar(0);
        var manifest = ShelveLayers(tar);
        Shelf[Digest.Of(tar)] = difference < 0 ? tar[..^1] : [.. tar, 0];

        var error = Assert.Throws<ImageFormatException>(() => Pull(manifest));

        Assert.Contains(
            difference < 0 ? $"it is cut short: {tar.Length - 1} bytes instead of {tar.Length}" : $"it is longer than it should be",
            error.Message,
            StringComparison.Ordinal);
        AssertNothingIsStored();
    }

    [Fact]
    public async Task Two_shells_that_pull_the_same_image_fetch_each_layer_once()
    {
        var tars = Enumerable.Range(0, 3)
            .Select(i => LayerSandbox.Tar(LayerSandbox.File($"file{i}", new string((char)('a' + i), 1 << 20))))
            .ToArray();
        var manifest = ShelveLayers(tars);
        Shelf.BeforePiece = (_, _, stop) => Task.Delay(2, stop);

        var images = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Pull(manifest)))).WaitAsync(_patience);

        Assert.Equal(images[0].ChainIds, images[1].ChainIds);
        Assert.All(tars, tar => Assert.Single(Shelf.Requests, request => request.Blob == Digest.Of(tar)));
        Assert.Empty(Folder.Files());
        Assert.All(tars, tar => Assert.Equal(tar.Length, Sandbox.Content.SizeOf(Digest.Of(tar))));
    }

    [Theory]
    [InlineData(-512)]
    [InlineData(512)]
    public void Registry_that_lies_about_a_size_changes_nothing_of_what_another_shell_has_fetched(int difference)
    {
        var tar = SavedImage.LayerTar(0);
        var manifest = ShelveLayers(tar);
        using var honest = new ImageDownload(Shelf.Source, Sandbox.Content, Sandbox.Layers, Folder)
            .Stage(manifest, Digest.Of(manifest), LayerLimits.Default, CancellationToken.None);
        Shelf[Digest.Of(tar)] = [.. tar, .. new byte[512]];
        var lying = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(manifest).Replace(
            $"\"size\":{tar.Length}", $"\"size\":{tar.Length + difference}", StringComparison.Ordinal));
        Assert.NotEqual(manifest, lying);

        Assert.Throws<ImageFormatException>(() => Pull(lying));
        honest.Commit(() => { });

        using var stored = Sandbox.Content.Open(Digest.Of(tar));
        Assert.Equal(Digest.Of(tar), Digest.FromHash(SHA256.HashData(stored)));
    }

    [Fact]
    public async Task Cancelling_ends_it_at_once_and_keeps_what_came()
    {
        var tar = LayerSandbox.Tar(LayerSandbox.File("big", new string('x', 1 << 20)));
        var manifest = ShelveLayers(tar);
        using var stop = new CancellationTokenSource();
        var isHanging = new TaskCompletionSource();
        Shelf.BeforePiece = (blob, position, token) =>
        {
            if (position == 0 || blob.Digest != Digest.Of(tar))
            {
                return Task.CompletedTask;
            }

            isHanging.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        };

        var pulling = Task.Run(() => Pull(manifest, stop: stop.Token));
        await isHanging.Task.WaitAsync(_patience);
        stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pulling.WaitAsync(_patience));
        Assert.Equal(Shelf.PieceLength, Assert.Single(Folder.Files()).Length);
        AssertNothingIsStored();
    }

    [Fact]
    public void Layer_whose_archive_and_files_are_there_is_not_fetched()
    {
        var saved = SavedImage.Layout(layers: 2);
        Sandbox.Import(saved.WriteFolder(Sandbox.PathOf("layout")));
        var progress = new List<TransferProgress>();

        Pull(Shelve(saved), new Recorder(progress));

        Assert.DoesNotContain(Shelf.Requests, request => request.Blob == Digest.Of(SavedImage.LayerTar(0)));
        Assert.Equal(2, progress.Count(step => step.Phase == TransferPhase.Present));
    }

    [Theory]
    [InlineData("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "may not be distributed")]
    [InlineData("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "may not be distributed")]
    [InlineData("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "it is not a container image")]
    public void Layer_of_another_type_is_refused_before_anything_is_fetched(string mediaType, string reason)
    {
        var saved = new SavedImage();
        var tar = SavedImage.LayerTar(0);
        saved.AddManifest(null, saved.AddBlob(SavedImage.Config([tar]), MediaTypes.Config), [saved.AddBlob(tar, mediaType)]);

        var error = Assert.Throws<ImageFormatException>(() => Pull(Shelve(saved)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains(mediaType, error.Message, StringComparison.Ordinal);
        Assert.Empty(Shelf.Requests);
    }

    [Fact]
    public void Remains_are_removed_when_nobody_came_back_for_them()
    {
        Directory.CreateDirectory(Downloads);
        File.WriteAllText(Path.Join(Downloads, "sha256-old"), "x");
        File.SetLastWriteTimeUtc(Path.Join(Downloads, "sha256-old"), DateTime.UtcNow - (2 * DownloadFolder.Patience));
        File.WriteAllText(Path.Join(Downloads, "sha256-new"), "x");

        Folder.RemoveAbandoned(DateTime.UtcNow - DownloadFolder.Patience);

        Assert.Equal("sha256-new", Assert.Single(Folder.Files()).Name);
    }

    private static async Task<bool> Eventually(Func<bool> condition)
    {
        for (var end = DateTime.UtcNow + _patience; DateTime.UtcNow < end; await Task.Delay(5))
        {
            if (condition())
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Recorder(List<TransferProgress> steps) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value)
        {
            lock (steps)
            {
                steps.Add(value);
            }
        }
    }
}
