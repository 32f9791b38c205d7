using System.Security.Cryptography;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Images.Layers;

/// <summary>Layers being unpacked outside the store. Unless they are committed, nothing of them stays.</summary>
public sealed class LayerStaging : IDisposable
{
    // What the store took in once may be as large as it is.
    private static readonly LayerLimits _taken = new() { MaximumBytes = long.MaxValue, MaximumRatio = double.MaxValue };

    private readonly LayerStore _store;
    private readonly string _work;

    // In the order of unpacking, so that no layer reaches the store before what it lies on.
    private readonly List<LayerRecord> _records = [];

    private EarlyWriteback? _writeback;

    internal LayerStaging(LayerStore store, string work) => (_store, _work) = (store, work);

    internal bool IsEmpty => _records.Count == 0;

    /// <summary>Uncompressed bytes of all layers that were unpacked here, however often the same one.</summary>
    internal long Weight { get; private set; }

    /// <summary>Unpacks a layer that is gzip, zstd or plain tar; one that is there already is not unpacked again.</summary>
    /// <param name="archive">
    /// Digest of the blob, which the caller has checked. A layer that is there but came from another blob is still compared with
    /// this one, or an image could carry a blob that is not what its configuration says. Null takes the layer on trust.
    /// </param>
    public UnpackedLayer Unpack(
        Stream blob, Digest? archive, Digest? parentChain, Digest? expectedDiffId, LayerLimits limits, CancellationToken stop)
    {
        if (expectedDiffId is { } known && Find(LayerStore.ChainId(parentChain, known)) is { } present)
        {
            if (archive is not null && present.Archive != archive)
            {
                using var feed = Feed(blob, expectedDiffId, limits, stop);
                Compare(Digest.FromHash(feed.Finish()), expectedDiffId);
            }

            return present.ToLayer();
        }

        var below = StackOf(parentChain);
        var tree = PathOf(_records.Count);
        Directory.CreateDirectory(_work, LayerStore.OwnerOnly);
        Directory.CreateDirectory(tree, LayerStore.OwnerOnly);
        try
        {
            var record = Extract(blob, tree, below, parentChain, expectedDiffId, limits, stop) with { Archive = archive };
            if (Find(record.ChainId) is null)
            {
                Keep(record);
            }

            return record.ToLayer();
        }
        finally
        {
            // Refused, or there already.
            if (_records.Count == 0 || PathOf(_records.Count - 1) != tree)
            {
                FileTree.Remove(tree);
            }
        }
    }

    /// <summary>Unpacks a layer whether it is there or not, and gives the folder that it was unpacked to.</summary>
    internal string UnpackAnew(Stream blob, Digest? archive, Digest? parentChain, Digest diffId, CancellationToken stop)
    {
        var below = StackOf(parentChain);
        var tree = PathOf(_records.Count);
        Directory.CreateDirectory(_work, LayerStore.OwnerOnly);
        Directory.CreateDirectory(tree, LayerStore.OwnerOnly);
        Keep(Extract(blob, tree, below, parentChain, diffId, _taken, stop) with { Archive = archive });
        return tree;
    }

    public void Dispose()
    {
        _writeback?.Dispose();
        FileTree.Remove(_work);
    }

    /// <summary>Brings everything to disk: a rename may not arrive there before what it renames.</summary>
    internal void Synchronize()
    {
        if (!IsEmpty)
        {
            _writeback!.Finish();
        }
    }

    /// <summary>Puts everything into the store; <see cref="Synchronize"/> comes first.</summary>
    internal void Commit()
    {
        for (var i = 0; i < _records.Count; i++)
        {
            using var directory = DirectoryDescriptor.Open(_work);
            _store.Adopt(_records[i], directory, TreeOf(i), RecordOf(i));
        }

        _records.Clear();
        _store.Synchronize();
    }

    private static string TreeOf(int index) => $"layer{index}";

    private static string RecordOf(int index) => $"layer{index}.json";

    private static ArchiveFeed Feed(Stream blob, Digest? expected, LayerLimits limits, CancellationToken stop) =>
        new(blob, expected?.CreateHash() ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256), limits, stop);

    private static void Compare(Digest diffId, Digest? expected)
    {
        if (expected is { } wanted && wanted != diffId)
        {
            throw new ImageFormatException($"the layer's uncompressed digest is {diffId}, but the image says {wanted}");
        }
    }

    private LayerRecord Extract(
        Stream blob, string tree, List<string> below, Digest? parentChain, Digest? expected, LayerLimits limits, CancellationToken stop)
    {
        _writeback ??= new EarlyWriteback(_work);
        using var root = DirectoryDescriptor.Open(tree);
        using var ancestors = new LayerAncestors(below);
        using var layerTree = new LayerTree(root, ancestors);
        using var feed = Feed(blob, expected, limits, stop);
        var extractor = new LayerExtractor(feed, layerTree, ancestors, limits);
        extractor.Extract(stop);
        var diffId = Digest.FromHash(feed.Finish());
        Compare(diffId, expected);

        // Without a digest to compare, the end mark is all that tells a whole archive from the first part of one.
        if (expected is null && !extractor.HasEndMark)
        {
            throw new ImageFormatException("the tar archive is cut short: it has no end mark");
        }

        Weight += feed.Weight;
        return new(LayerStore.ChainId(parentChain, diffId), diffId, parentChain, null, extractor.Size, extractor.Entries);
    }

    private string PathOf(int index) => Path.Combine(_work, TreeOf(index));

    private void Keep(LayerRecord record)
    {
        using var directory = DirectoryDescriptor.Open(_work);
        using var file = directory.TryCreateFile(RecordOf(_records.Count))!;
        file.WriteAt(record.ToJson(), 0);
        _records.Add(record);
    }

    private LayerRecord? Find(Digest chainId) => _records.Find(record => record.ChainId == chainId) ?? _store.Find(chainId);

    private List<string> StackOf(Digest? chain)
    {
        var index = chain is { } wanted ? _records.FindIndex(record => record.ChainId == wanted) : -1;
        return index < 0 ? _store.StackOf(chain) : [PathOf(index), .. StackOf(_records[index].Parent)];
    }
}
