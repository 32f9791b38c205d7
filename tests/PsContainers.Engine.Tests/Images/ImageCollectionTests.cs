using System.Diagnostics;
using System.Text;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Engine.Tests.Images;

public sealed class ImageCollectionTests : IDisposable
{
    private readonly EngineSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void What_an_image_needs_stays()
    {
        var image = Import("busybox");
        var (blobs, layers) = (Blobs(), Layers());
        Assert.Equal((3, 2), (blobs.Count, layers.Count));

        _sandbox.Collection.TryCollect();

        Assert.Equal(blobs, Blobs());
        Assert.Equal(image.Chains.ToHashSet(), Layers());
    }

    [Fact]
    public void What_no_image_needs_goes()
    {
        var image = Import("busybox");
        _sandbox.Images.Remove(image.Id);

        _sandbox.Collection.TryCollect();

        Assert.Empty(Blobs());
        Assert.Empty(Layers());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Layers));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Ingest));
    }

    [Fact]
    public void Of_two_images_the_one_that_stays_keeps_what_is_its_own()
    {
        var kept = Import("kept");
        var blobs = Blobs();
        _sandbox.Images.Remove(Import("removed").Id);

        _sandbox.Collection.TryCollect();

        Assert.Equal(blobs, Blobs());
        Assert.Equal(kept.Chains.ToHashSet(), Layers());
    }

    [Fact]
    public void A_removed_image_keeps_all_until_its_last_container_goes()
    {
        var image = Import("busybox");
        var row = _sandbox.Add(Sample.Container() with { ImageId = image.Id });
        _sandbox.Images.Remove(image.Id);

        _sandbox.Collection.TryCollect();
        Assert.Equal((3, 2), (Blobs().Count, Layers().Count));

        _sandbox.Remains.Remove(row);
        Assert.Empty(Blobs());
        Assert.Empty(Layers());
    }

    [Fact]
    public void While_an_import_is_under_way_nothing_is_collected()
    {
        _sandbox.Images.Remove(Import("busybox").Id);
        using (FileLocks.Acquire(_sandbox.Paths.ImagesLock, isShared: true, CancellationToken.None))
        {
            _sandbox.Collection.TryCollect();

            Assert.Equal((3, 2), (Blobs().Count, Layers().Count));
        }

        _sandbox.Collection.TryCollect();

        Assert.Empty(Blobs());
    }

    [Fact]
    public void An_image_goes_too_whose_last_container_was_removed_by_a_session_that_was_killed()
    {
        var image = Import("busybox");
        var row = _sandbox.Add(Sample.Container() with { ImageId = image.Id });
        _sandbox.Images.Remove(image.Id);
        Directory.CreateDirectory(_sandbox.Paths.ContainerDirectory(row.Id));
        Assert.True(_sandbox.Containers.Delete(row).NeedsCollection);

        _sandbox.Reconciliation.Sweep();
        _sandbox.Collection.CollectAbandoned();

        Assert.Empty(Blobs());
        Assert.Empty(Layers());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_killed_import_left_is_cleared_away(bool collect)
    {
        Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Ingest, "left/0/etc"));

        ClearAway(collect);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Ingest));
    }

    // Images hold names that are not UTF-8, and links that lead elsewhere.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_killed_import_left_may_have_any_name(bool collect)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Ingest, "left/0")).FullName;
        Bash($"cd '{folder}' && touch $'latin-1-\\xfc' && mkdir $'dir-\\xff' && touch $'dir-\\xff/file' && ln -s /etc link");

        ClearAway(collect);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Ingest));
        Assert.True(Directory.Exists("/etc"));
    }

    [Fact]
    public void A_single_file_that_a_killed_import_left_is_cleared_away_too()
    {
        File.WriteAllText(Path.Combine(_sandbox.Paths.Ingest, "left"), "x");

        _sandbox.Collection.CollectAbandoned();

        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Ingest));
    }

    [Fact]
    public void What_a_killed_session_was_writing_elsewhere_is_cleared_away_and_nothing_else()
    {
        var (id, other) = (new string('a', 32), new string('b', 32));
        var written = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, $".out.{id}", "blobs")).Parent!.FullName;
        var precious = Directory.CreateDirectory(Path.Combine(_sandbox.Folder, "precious")).FullName;
        File.WriteAllText(Path.Combine(_sandbox.Paths.Ingest, $"{id}.target"), written);
        File.WriteAllText(Path.Combine(_sandbox.Paths.Ingest, $"{other}.target"), precious);

        _sandbox.Collection.CollectAbandoned();

        Assert.False(Directory.Exists(written));
        Assert.True(Directory.Exists(precious));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_sandbox.Paths.Ingest));
    }

    [Fact]
    public void An_import_that_is_under_way_is_not_disturbed_by_another()
    {
        var work = Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Ingest, "work")).FullName;
        using var import = FileLocks.Acquire(_sandbox.Paths.ImagesLock, isShared: true, CancellationToken.None);

        _sandbox.Collection.CollectAbandoned();

        Assert.True(Directory.Exists(work));
    }

    // As killed between the row and the collection.
    [Fact]
    public void What_nothing_says_is_due_is_found_all_the_same()
    {
        var image = Import("busybox");
        Assert.Empty(_sandbox.Collection.FindAbandoned());
        var sizes = _sandbox.Content.All().ToDictionary(blob => $"{blob}", blob => _sandbox.Content.SizeOf(blob)!.Value);

        _sandbox.Images.Remove(image.Id);

        var found = _sandbox.Collection.FindAbandoned().ToDictionary(left => left.Name, left => left.Size);
        Assert.Equal(5, found.Count);
        Assert.All(sizes, blob => Assert.Equal(blob.Value, found[blob.Key]));
        Assert.All(image.Chains, chain => Assert.Equal(0, found[Path.GetFileName(_sandbox.Layers.PathOf(chain))]));
    }

    private void ClearAway(bool collect)
    {
        if (collect)
        {
            _sandbox.Collection.TryCollect();
        }
        else
        {
            _sandbox.Collection.CollectAbandoned();
        }
    }

    private HashSet<Digest> Blobs() => [.. _sandbox.Content.All()];

    private HashSet<Digest> Layers() => [.. _sandbox.Layers.All().Select(layer => layer.ChainId)];

    /// <summary>An image of two layers, which share one blob, as an import leaves it.</summary>
    private ImageRow Import(string seed)
    {
        // The end of an archive: 1,024 zero bytes are a tar archive with nothing in it. The seed behind it makes it this image's own.
        byte[] tar = [.. new byte[1024], .. Encoding.UTF8.GetBytes(seed.PadRight(512))];
        using var content = _sandbox.Content.Stage();
        var layer = content.Put(tar);
        var config = content.Put(Encoding.UTF8.GetBytes($"{{\"seed\":\"{seed}\"}}"));
        var manifest = content.Put(Encoding.UTF8.GetBytes($$"""
            { "schemaVersion": 2,
              "config": { "mediaType": "{{MediaTypes.Config}}", "digest": "{{config.Digest}}", "size": {{config.Size}} },
              "layers": [ { "mediaType": "{{MediaTypes.Layer}}", "digest": "{{layer.Digest}}", "size": {{layer.Size}} } ] }
            """));
        content.Commit();
        var lower = Unpack(tar, parent: null);
        var row = Sample.Image(seed) with
        {
            Id = config.Digest.ToString(),
            Manifest = manifest.Digest.ToString(),
            Chains = [lower, Unpack(tar, lower)],
        };
        _sandbox.Images.Put(row);
        return row;
    }

    private Digest Unpack(byte[] tar, Digest? parent) => _sandbox.Layers
        .Unpack(new MemoryStream(tar), parent, expectedDiffId: null, LayerLimits.Default, CancellationToken.None).ChainId;

    private static void Bash(string script)
    {
        using var bash = Process.Start("bash", ["-c", script]);
        bash.WaitForExit();
        Assert.Equal(0, bash.ExitCode);
    }
}
