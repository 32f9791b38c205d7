using System.Text;
using System.Text.Json;
using PsContainers.Linux;
using PsContainers.Oci;

namespace PsContainers.Images.Layers;

/// <summary>Unpacked layers, each once however many images use it, named by what the layer is and all it lies on.</summary>
/// <remarks>
/// `‹directory›/‹26 hex digits›` is the tree, a sibling with `.json` its record. Both are made in the ingest directory and renamed,
/// the tree last: a layer is there completely or not at all. Callers keep removal and unpacking apart by the lock on images.
/// </remarks>
public sealed class LayerStore(string directory, string ingestDirectory)
{
    // A layer holds setuid programs and devices that no other user of the machine may reach.
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // 104 bits of the digest; the record beside the tree holds all of it. Short, since mount(2) takes all layers of an overlay in one page:
    // 127 of them, as many as Docker allows, fit on kernels before 6.5 too.
    private const int NameLength = 26;

    /// <summary>The name of a stack of layers.</summary>
    /// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#layer-chainid</remarks>
    public static Digest ChainId(Digest? parent, Digest diffId) => parent is { } below
        ? Digest.Of(Encoding.ASCII.GetBytes($"{below} {diffId}"))
        : diffId;

    public bool Contains(Digest chainId) => Find(chainId) is not null;

    public string PathOf(Digest chainId) => Path.Combine(directory, NameOf(chainId));

    /// <summary>Bytes of the layer's own regular files.</summary>
    public long SizeOf(Digest chainId) => Find(chainId)?.Size ?? throw Missing(chainId);

    /// <summary>What the layer's record says; null when the layer is not there.</summary>
    public UnpackedLayer? TryGet(Digest chainId) => Find(chainId)?.ToLayer();

    public IEnumerable<UnpackedLayer> All() => Names()
        .Select(name => TryRead(Path.Combine(directory, name)))
        .OfType<LayerRecord>()
        .Select(record => record.ToLayer());

    /// <summary>Begins to unpack layers, which are in the store once all of them are.</summary>
    public LayerStaging Stage() => new(this, Path.Combine(ingestDirectory, Guid.NewGuid().ToString("N")));

    /// <summary>Unpacks a layer that is gzip, zstd or plain tar; one that is there already is not unpacked again.</summary>
    public UnpackedLayer Unpack(Stream blob, Digest? parentChain, Digest? expectedDiffId, LayerLimits limits, CancellationToken stop)
    {
        using var staging = Stage();
        var layer = staging.Unpack(blob, archive: null, parentChain, expectedDiffId, limits, stop);
        staging.Synchronize();
        staging.Commit();
        return layer;
    }

    /// <summary>Unpacks a layer once more, outside the store, and tells in which paths the one in the store differs.</summary>
    /// <param name="most">How many paths are enough.</param>
    /// <exception cref="ImageFormatException">The archive is damaged, or what the layer lies on is missing.</exception>
    public IReadOnlyList<string> Verify(Stream blob, Digest? parentChain, Digest diffId, int most, CancellationToken stop)
    {
        using var staging = Stage();
        var tree = staging.UnpackAnew(blob, archive: null, parentChain, diffId, stop);
        return TreeDifference.Find(PathOf(ChainId(parentChain, diffId)), tree, most, stop);
    }

    /// <summary>Unpacks a layer once more and puts it into the place of what is there; nobody may use that.</summary>
    /// <inheritdoc cref="Verify"/>
    public void Restore(Stream blob, Digest archive, Digest? parentChain, Digest diffId, CancellationToken stop)
    {
        using var staging = Stage();
        staging.UnpackAnew(blob, archive, parentChain, diffId, stop);
        staging.Synchronize();
        Remove(NameOf(ChainId(parentChain, diffId)));
        staging.Commit();
    }

    /// <summary>The names of trees and records that belong to none of some layers, or are half of one.</summary>
    public IReadOnlyList<string> Unknown(IReadOnlySet<Digest> live)
    {
        var kept = live.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. Names().Where(name => !kept.Contains(name)),
            .. Records().Select(path => Path.GetFileName(path)).Where(name => !kept.Contains(Path.ChangeExtension(name, null)))
                .Where(name => !Directory.Exists(Path.Combine(directory, Path.ChangeExtension(name, null)))),
        ];
    }

    /// <summary>Removes a layer; one that is not there is fine.</summary>
    public void Delete(Digest chainId) => Remove(NameOf(chainId));

    /// <summary>Removes every layer that is not named, and what killed imports and removals left.</summary>
    public void RemoveAllExcept(IReadOnlySet<Digest> live)
    {
        var kept = live.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Names().Where(name => !kept.Contains(name)).ToList())
        {
            Remove(name);
        }

        // A record comes before its tree and goes after it, so one may have been left alone.
        foreach (var record in Records().Where(record => !Directory.Exists(Path.ChangeExtension(record, null))).ToList())
        {
            File.Delete(record);
        }
    }

    /// <summary>The record of a layer; null when it is not there.</summary>
    internal LayerRecord? Find(Digest chainId)
    {
        var path = PathOf(chainId);
        if (!Directory.Exists(path))
        {
            return null;
        }

        // Without its record a layer is none: importing its image again brings both back.
        var record = TryRead(path);
        return record is null || record.ChainId == chainId
            ? record
            : throw new ImageFormatException($"layer {record.ChainId} stands where {chainId} belongs");
    }

    /// <summary>The directories of a layer and all it lies on, the topmost first.</summary>
    internal List<string> StackOf(Digest? chain)
    {
        var paths = new List<string>();
        for (var next = chain; next is { } below;)
        {
            var record = Find(below) ?? throw Missing(below);
            paths.Add(PathOf(below));
            next = record.Parent;
        }

        return paths;
    }

    /// <summary>Brings to disk which layers there are, also those that another shell has just put here.</summary>
    internal void Synchronize()
    {
        Directory.CreateDirectory(directory, OwnerOnly);
        using var layers = DirectoryDescriptor.Open(directory);
        layers.Synchronize();
    }

    /// <summary>Takes over a tree and its record, which are on disk already, under one folder; <see cref="Synchronize"/> follows.</summary>
    /// <remarks>Two shells may have unpacked the same layer. One finds the name taken; both trees are the same.</remarks>
    internal void Adopt(LayerRecord record, DirectoryDescriptor work, string tree, string recordFile)
    {
        Directory.CreateDirectory(directory, OwnerOnly);
        using var layers = DirectoryDescriptor.Open(directory);
        var name = NameOf(record.ChainId);
        work.Rename(recordFile, layers, name + ".json");
        try
        {
            work.Rename(tree, layers, name);
        }
        catch (LinuxException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY)
        {
            // It stays where it is and goes with the ingest folder.
        }
    }

    private static string NameOf(Digest chainId) => chainId.Hex[..NameLength];

    private static ImageFormatException Missing(Digest chainId) => new($"layer {chainId} is not in the store");

    private static LayerRecord? TryRead(string tree)
    {
        try
        {
            return LayerRecord.Parse(File.ReadAllBytes(tree + ".json"));
        }
        catch (Exception e) when (e is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    private IEnumerable<string> Names() => Directory.Exists(directory)
        ? Directory.EnumerateDirectories(directory).Select(path => Path.GetFileName(path))
        : [];

    private IEnumerable<string> Records() => Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*.json") : [];

    // The tree's name goes in one step, so that nobody finds half a layer.
    private void Remove(string name)
    {
        var leaving = Path.Combine(ingestDirectory, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(ingestDirectory);
        try
        {
            Directory.Move(Path.Combine(directory, name), leaving);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        File.Delete(Path.Combine(directory, name + ".json"));
        FileTree.Remove(leaving);
    }
}
