using PsContainers.Images.Content;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Images.Archives;

/// <summary>One import under way: its documents, blobs and unpacked layers. They reach the stores together or not at all.</summary>
internal sealed class ImageStaging(ContentStore content, LayerStore layers, LayerLimits limits, CancellationToken stop) : IDisposable
{
    // OVL_MAX_STACK of the kernel's overlay file system.
    private const int MaximumLayers = 500;

    /// <summary>How many layers are unpacked at once, where their archives allow it.</summary>
    private static readonly int _atOnce = Math.Clamp(Environment.ProcessorCount, 1, 4);

    private readonly ContentStaging _content = content.Stage();
    private readonly LayerStaging _layers = layers.Stage();
    private readonly HashSet<Digest> _archived = [];

    private long _archivedBytes;
    private bool _isUnrecorded;

    internal ContentStaging Content => _content;

    internal LayerLimits Limits => limits;

    internal CancellationToken Stop => stop;

    /// <summary>Takes in the layers of an image, the lowest first, and compares them with what its configuration says.</summary>
    internal StagedImage AddImage(byte[] configBytes, Digest? configDigest, IReadOnlyList<LayerSource> sources)
    {
        var config = Documents.Read(configBytes, "the configuration", ImageDocument.ReadConfig);
        var diffIds = config.RootFs.DiffIds ?? [];
        if (config.Os != "linux")
        {
            throw new ImageFormatException($"the image is for {config.Os}/{config.Architecture}, not for Linux");
        }

        if (diffIds.Count != sources.Count || diffIds.Count > MaximumLayers)
        {
            throw new ImageFormatException(diffIds.Count != sources.Count
                ? $"the image has {sources.Count} layers, but its configuration lists {diffIds.Count}"
                : $"the image has {diffIds.Count} layers, more than the {MaximumLayers} that can be stacked");
        }

        var blobs = new List<Descriptor>();
        var unpacked = new List<UnpackedLayer>();
        var chains = ChainsOf(diffIds);
        try
        {
            for (var i = 0; i < sources.Count; i++)
            {
                // The ones above are begun beside this one; what goes wrong with them is told in their turn.
                for (var above = i; above < Math.Min(i + _atOnce, sources.Count) && sources[above].IsIndependent; above++)
                {
                    Begin(sources[above], above == 0 ? null : chains[above - 1], diffIds[above]);
                }

                var (blob, layer) = AddLayer(sources[i], i == 0 ? null : chains[i - 1], diffIds[i]);
                blobs.Add(blob);
                unpacked.Add(layer);
            }
        }
        finally
        {
            _layers.EndBegun();
        }

        return new(_content.Put(configBytes, configDigest), config, blobs, unpacked);
    }

    private static List<Digest> ChainsOf(IReadOnlyList<Digest> diffIds)
    {
        var chains = new List<Digest>(diffIds.Count);
        foreach (var diffId in diffIds)
        {
            chains.Add(LayerStore.ChainId(chains.Count == 0 ? null : chains[^1], diffId));
        }

        return chains;
    }

    private void Begin(LayerSource source, Digest? parentChain, Digest diffId) => _layers.Begin(
        token => source.Open(_content, token), source.Digest, parentChain, diffId, limits, stop);

    /// <summary>Takes in one layer; without a digest of its uncompressed form whatever that is is right.</summary>
    internal (Descriptor Blob, UnpackedLayer Layer) AddLayer(LayerSource source, Digest? parentChain, Digest? diffId)
    {
        try
        {
            using var archive = source.Open(_content, stop);
            var layer = _layers.Unpack(archive, source.Digest, parentChain, diffId, limits, stop);
            var blob = source.Finish(_content);
            _archivedBytes += _archived.Add(blob.Digest) ? blob.Size : 0;

            // The same small archive can be a layer of an image any number of times, each of which takes room of its own.
            limits.GuardRatio(_layers.Weight, _archivedBytes);
            return (blob, layer);
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"layer {source.Name}: {source.Blame(e)}");
        }
    }

    /// <summary>Writes the manifest of an image that came without one.</summary>
    internal StoredBlob PutManifest(StagedImage image)
    {
        var manifest = new ImageManifest
        {
            SchemaVersion = 2,
            MediaType = MediaTypes.Manifest,
            Config = new() { MediaType = MediaTypes.Config, Digest = image.ConfigBlob.Digest, Size = image.ConfigBlob.Size },
            Layers = image.Layers,
        };
        return _content.Put(ImageDocument.Write(manifest));
    }

    /// <summary>Makes everything part of the stores, for good: on disk first, then by name, then known.</summary>
    internal void Commit(Action record)
    {
        if (_layers.IsEmpty)
        {
            _content.Synchronize();
        }
        else
        {
            // One call writes out the whole file system, on which the blobs are too.
            _layers.Synchronize();
        }

        _isUnrecorded = true;
        _layers.Commit();
        _content.MoveToStore();
        record();
        _isUnrecorded = false;
    }

    public void Dispose()
    {
        if (_isUnrecorded)
        {
            return;
        }

        _layers.Dispose();
        _content.Dispose();
    }
}
