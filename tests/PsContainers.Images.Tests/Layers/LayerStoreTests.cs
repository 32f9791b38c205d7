using PsContainers.Images.Layers;
using PsContainers.Oci;
using static PsContainers.Images.Tests.Layers.LayerSandbox;

namespace PsContainers.Images.Tests.Layers;

public sealed class LayerStoreTests : IDisposable
{
    private readonly LayerSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Chain_of_one_layer_is_its_digest_and_of_more_the_hash_of_both()
    {
        // Computed with sha256sum over "sha256:…(a) sha256:…(b)".
        var (a, b) = (Digest.Parse("sha256:" + new string('a', 64)), Digest.Parse("sha256:" + new string('b', 64)));

        Assert.Equal(a, LayerStore.ChainId(null, a));
        Assert.Equal(
            Run("sh", "-c", $"printf 'sha256:{new string('a', 64)} sha256:{new string('b', 64)}' | sha256sum")[..64],
            LayerStore.ChainId(a, b).Hex);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("gzip in two members")]
    [InlineData("zstd in two frames")]
    public void Every_compression_gives_the_same_layer(string compression)
    {
        var tar = Tar(File("hello", "world"), File("zeros", new string('\0', 300_000)));
        byte[] Zstd(byte[] bytes) => [.. new ZstdSharp.Compressor().Wrap(bytes)];
        var blob = compression switch
        {
            "plain" => tar,
            "gzip" => Gzip(tar),
            "gzip in two members" => [.. Gzip(tar[..1000]), .. Gzip([]), .. Gzip(tar[1000..])],
            "zstd" => Zstd(tar),
            _ => [.. Zstd(tar[..1000]), .. Zstd(tar[1000..])],
        };

        var layer = _sandbox.Store.Unpack(new MemoryStream(blob), null, null, LayerLimits.Default, default);

        Assert.Equal(new UnpackedLayer(Digest.Of(tar), Digest.Of(tar), 300_005, 2), layer);
        Assert.Equal("world", System.IO.File.ReadAllText(_sandbox.PathOf(layer, "hello")));
        Assert.Equal(Path.Combine(_sandbox.Layers, layer.ChainId.Hex[..26]), _sandbox.Store.PathOf(layer.ChainId));
        Assert.Equal(300_005, _sandbox.Store.SizeOf(layer.ChainId));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Layer_with_terabytes_of_holes_is_verified_in_no_time()
    {
        _sandbox.Limits = new LayerLimits { MaximumBytes = long.MaxValue };
        var tar = HolesOnly("holes", 8L * 1024 * 1024 * 1024 * 1024);
        var layer = _sandbox.Unpack(tar);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        Assert.Empty(_sandbox.Store.Verify(new MemoryStream(tar), null, layer.DiffId, 1, patience.Token));

        using (var damaged = System.IO.File.OpenHandle(_sandbox.PathOf(layer, "holes"), access: FileAccess.Write))
        {
            RandomAccess.Write(damaged, "x"u8, 5L * 1024 * 1024 * 1024 * 1024);
        }

        System.IO.File.SetLastWriteTimeUtc(_sandbox.PathOf(layer, "holes"), DateTime.UnixEpoch);
        Assert.Equal(["/holes"], _sandbox.Store.Verify(new MemoryStream(tar), null, layer.DiffId, 1, patience.Token));
    }

    [Fact]
    public void Gzip_of_many_equal_members_is_read_member_by_member()
    {
        var tar = Tar(File("zeros", new string('\0', 1 << 20)));
        var blob = tar.Chunk(100).SelectMany(Gzip).ToArray();

        var layer = _sandbox.Store.Unpack(new MemoryStream(blob), null, Digest.Of(tar), LayerLimits.Default, default);

        Assert.Equal(1 << 20, layer.Size);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ \"chainId\": 1 }")]
    [InlineData(null)]
    public void Layer_whose_record_is_damaged_is_no_layer_until_it_is_unpacked_again(string? damaged)
    {
        var tar = Tar(File("file", "content"));
        var layer = _sandbox.Unpack(tar);
        var record = _sandbox.Store.PathOf(layer.ChainId) + ".json";
        System.IO.File.Delete(record);
        if (damaged is not null)
        {
            System.IO.File.WriteAllText(record, damaged);
        }

        Assert.False(_sandbox.Store.Contains(layer.ChainId));
        Assert.Equal(layer, _sandbox.Unpack(tar));
        Assert.True(_sandbox.Store.Contains(layer.ChainId));
    }

    [Fact]
    public void Layer_that_is_there_is_not_read_again()
    {
        var tar = Tar(File("file", "content"));
        var layer = _sandbox.Unpack(tar);

        var again = _sandbox.Store.Unpack(Stream.Null, null, layer.DiffId, LayerLimits.Default, default);

        Assert.Equal(layer, again);
        Assert.Equal(layer, _sandbox.Store.Unpack(new MemoryStream(tar), null, null, LayerLimits.Default, default));
        Assert.Equal([layer], _sandbox.Store.All());
    }

    [Fact]
    public void Same_archive_on_another_layer_is_another_layer()
    {
        var (below, above) = (_sandbox.Unpack(Tar(File("a"))), Tar(File("b")));

        var alone = _sandbox.Unpack(above);
        var stacked = _sandbox.Unpack(above, below.ChainId);

        Assert.Equal(alone.DiffId, stacked.DiffId);
        Assert.Equal(LayerStore.ChainId(below.ChainId, stacked.DiffId), stacked.ChainId);
        Assert.Equal(3, _sandbox.Store.All().Count());
    }

    [Fact]
    public void Two_shells_that_unpack_the_same_layer_share_it()
    {
        var tar = Tar([.. Enumerable.Range(0, 300).Select(i => File($"d{i % 7}/f{i}", new string('x', i * 10)))]);
        using var start = new Barrier(4);
        var layers = new UnpackedLayer[4];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            layers[i] = new LayerStore(_sandbox.Layers, _sandbox.Ingest).Unpack(
                new MemoryStream(Gzip(tar)), null, Digest.Of(tar), LayerLimits.Default, default);
        })).ToList();

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Single(layers.Distinct());
        Assert.Equal(layers[0], Assert.Single(_sandbox.Store.All()));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
        Assert.Equal(300, Directory.EnumerateFiles(_sandbox.PathOf(layers[0]), "f*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void Deleting_a_layer_twice_is_fine()
    {
        SkipUnlessRoot();
        var layer = _sandbox.Unpack(Tar(Directory_("locked", 0), File("locked/file")));

        _sandbox.Store.Delete(layer.ChainId);
        _sandbox.Store.Delete(layer.ChainId);

        Assert.False(_sandbox.Store.Contains(layer.ChainId));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Layers));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
    }

    [Fact]
    public void Collection_keeps_what_is_named()
    {
        var (kept, gone) = (_sandbox.Unpack(Tar(File("kept"))), _sandbox.Unpack(Tar(File("gone"))));

        _sandbox.Store.RemoveAllExcept(new HashSet<Digest> { kept.ChainId });

        Assert.Equal([kept], _sandbox.Store.All());
        Assert.False(Directory.Exists(_sandbox.PathOf(gone)));
    }

    [Fact]
    public void Layer_on_one_that_is_missing_is_refused()
    {
        var missing = Digest.Of([1]);

        var refusal = Assert.Throws<ImageFormatException>(() => _sandbox.Unpack(Tar(File("a")), missing));

        Assert.Contains(missing.ToString(), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopping_leaves_nothing()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(
            () => _sandbox.Store.Unpack(new MemoryStream(Tar(File("a"))), null, null, LayerLimits.Default, stop.Token));

        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Ingest));
        Assert.False(Directory.Exists(_sandbox.Layers));
    }
}
