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

    // In the order of the stack, so that no layer reaches the store before what it lies on.
    private readonly List<(LayerRecord Record, string Tree)> _layers = [];

    private readonly Dictionary<Digest, LayerUnpacking> _begun = [];
    private readonly CancellationTokenSource _stop = new();

    private EarlyWriteback? _writeback;
    private int _trees;

    internal LayerStaging(LayerStore store, string work) => (_store, _work) = (store, work);

    internal bool IsEmpty => _layers.Count == 0;

    /// <summary>Uncompressed bytes of all layers that were unpacked here, however often the same one.</summary>
    internal long Weight { get; private set; }

    /// <summary>
    /// Begins to unpack a layer on a thread of its own, unless it is there. <see cref="Unpack"/> of the same layer waits for it; the layer
    /// that it lies on has to be there or begun.
    /// </summary>
    /// <param name="open">Opens the archive, on that thread; asked for a stream that the token stops.</param>
    internal void Begin(
        Func<CancellationToken, Stream> open,
        Digest? archive,
        Digest? parentChain,
        Digest diffId,
        LayerLimits limits,
        CancellationToken stop)
    {
        var chain = LayerStore.ChainId(parentChain, diffId);
        if (_begun.ContainsKey(chain) || Find(chain) is not null)
        {
            return;
        }

        var below = BelowOf(parentChain);
        var tree = MakeTree();
        _begun.Add(chain, new(tree, below, Task.Factory.StartNew(
            () =>
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _stop.Token);
                using var blob = open(either.Token);
                return Extract(blob, tree, below, archive, parentChain, diffId, limits, either.Token);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }

    /// <summary>Stops what was begun and not asked for; nobody needs its archives afterwards.</summary>
    internal void EndBegun()
    {
        if (_begun.Count > 0)
        {
            _stop.Cancel();
            foreach (var unpacking in _begun.Values)
            {
                unpacking.Join();
            }
        }
    }

    /// <summary>Unpacks a layer that is gzip, zstd or plain tar; one that is there already is not unpacked again.</summary>
    /// <param name="archive">
    /// Digest of the blob, which the caller has checked. A layer that is there but came from another blob is still compared with
    /// this one, or an image could carry a blob that is not what its configuration says. Null takes the layer on trust.
    /// </param>
    public UnpackedLayer Unpack(
        Stream blob, Digest? archive, Digest? parentChain, Digest? expectedDiffId, LayerLimits limits, CancellationToken stop)
    {
        if (expectedDiffId is { } wanted && _begun.TryGetValue(LayerStore.ChainId(parentChain, wanted), out var begun))
        {
            var result = begun.Result.GetAwaiter().GetResult();
            _begun.Remove(result.Record.ChainId);
            return Keep(result, begun.Tree);
        }

        if (expectedDiffId is { } known && Find(LayerStore.ChainId(parentChain, known)) is { } present)
        {
            if (archive is not null && present.Archive != archive)
            {
                using var feed = Feed(blob, expectedDiffId, limits, stop);
                Compare(Digest.FromHash(feed.Finish()), expectedDiffId);
            }

            return present.ToLayer();
        }

        var below = BelowOf(parentChain);
        var tree = MakeTree();
        var isKept = false;
        try
        {
            var result = Extract(blob, tree, below, archive, parentChain, expectedDiffId, limits, stop);
            if (Find(result.Record.ChainId) is not null)
            {
                Weight += result.Weight;
                return result.Record.ToLayer();
            }

            isKept = true;
            return Keep(result, tree);
        }
        finally
        {
            // Refused, or there already.
            if (!isKept)
            {
                FileTree.Remove(tree);
            }
        }
    }

    /// <summary>Unpacks a layer whether it is there or not, and gives the folder that it was unpacked to.</summary>
    internal string UnpackAnew(Stream blob, Digest? archive, Digest? parentChain, Digest diffId, CancellationToken stop)
    {
        var below = BelowOf(parentChain);
        var tree = MakeTree();
        Keep(Extract(blob, tree, below, archive, parentChain, diffId, _taken, stop), tree);
        return tree;
    }

    public void Dispose()
    {
        EndBegun();
        _stop.Dispose();
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
        foreach (var (record, tree) in _layers)
        {
            using var directory = DirectoryDescriptor.Open(_work);
            _store.Adopt(record, directory, Path.GetFileName(tree), RecordOf(tree));
        }

        _layers.Clear();
        _store.Synchronize();
    }

    private static string RecordOf(string tree) => $"{Path.GetFileName(tree)}.json";

    private static ArchiveFeed Feed(Stream blob, Digest? expected, LayerLimits limits, CancellationToken stop) =>
        new(blob, expected?.CreateHash() ?? IncrementalHash.CreateHash(HashAlgorithmName.SHA256), limits, stop);

    private static void Compare(Digest diffId, Digest? expected)
    {
        if (expected is { } wanted && wanted != diffId)
        {
            throw new ImageFormatException($"the layer's uncompressed digest is {diffId}, but the image says {wanted}");
        }
    }

    // On any thread: touches nothing of this but the tree.
    private static (LayerRecord Record, long Weight) Extract(
        Stream blob,
        string tree,
        Func<IReadOnlyList<string>> below,
        Digest? archive,
        Digest? parentChain,
        Digest? expected,
        LayerLimits limits,
        CancellationToken stop)
    {
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

        var chain = LayerStore.ChainId(parentChain, diffId);
        return (new(chain, diffId, parentChain, archive, extractor.Size, extractor.Entries), feed.Weight);
    }

    private string MakeTree()
    {
        Directory.CreateDirectory(_work, LayerStore.OwnerOnly);
        _writeback ??= new EarlyWriteback(_work);
        var tree = Path.Combine(_work, $"layer{_trees++}");
        Directory.CreateDirectory(tree, LayerStore.OwnerOnly);
        return tree;
    }

    private UnpackedLayer Keep((LayerRecord Record, long Weight) unpacked, string tree)
    {
        using var directory = DirectoryDescriptor.Open(_work);
        using var file = directory.TryCreateFile(RecordOf(tree))!;
        file.WriteAt(unpacked.Record.ToJson(), 0);
        _layers.Add((unpacked.Record, tree));
        Weight += unpacked.Weight;
        return unpacked.Record.ToLayer();
    }

    private LayerRecord? Find(Digest chainId) =>
        _layers.Find(layer => layer.Record.ChainId == chainId).Record ?? _store.Find(chainId);

    // What is known already is looked up now, on the caller's thread.
    private Func<IReadOnlyList<string>> BelowOf(Digest? chain)
    {
        if (chain is { } wanted && _begun.TryGetValue(wanted, out var begun))
        {
            return begun.Stack;
        }

        var stack = StackOf(chain);
        return () => stack;
    }

    private List<string> StackOf(Digest? chain)
    {
        var (record, tree) = chain is { } wanted ? _layers.Find(layer => layer.Record.ChainId == wanted) : default;
        return record is null ? _store.StackOf(chain) : [tree, .. StackOf(record.Parent)];
    }
}
