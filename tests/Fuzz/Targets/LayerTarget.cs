using PsContainers.Fuzz.Mutation;
using PsContainers.Images;
using PsContainers.Images.Layers;
using PsContainers.Oci;

namespace PsContainers.Fuzz.Targets;

/// <summary>Unpacks layers. What is accepted is unpacked to the same again, and written to an archive that unpacks to the same.</summary>
/// <remarks>The first byte of an input says how: 1 on top of another layer, 2 with the limits that users have, 4 without devices.</remarks>
internal sealed class LayerTarget : FuzzTarget
{
    private const long MaximumAllocation = 512 * 1024 * 1024;

    // So little that comparing all of it takes no time.
    private static readonly LayerLimits _small = new() { MaximumBytes = 4 * 1024 * 1024, MaximumEntries = 1000 };

    private readonly Sandbox _sandbox;
    private readonly Digest _parent;

    public LayerTarget(string scratch)
    {
        _sandbox = new Sandbox(scratch);
        using var below = new MemoryStream(LayerSeeds.Plain()[0]);
        _parent = _sandbox.Layers.Unpack(below, null, null, LayerLimits.Default, CancellationToken.None).ChainId;
    }

    public override IReadOnlyList<byte[]> Seeds() =>
    [
        .. LayerSeeds.Plain().SelectMany((plain, i) => new byte[][]
        {
            [0, .. plain], [1, .. Compression.Gzip(plain)], [2, .. Compression.Zstd(plain)],
            [0, .. Compression.Gzip(plain[..(plain.Length / 2)]), .. Compression.Gzip(plain[(plain.Length / 2)..])],
        }),
    ];

    public override byte[] Mutate(byte[] input, byte[] other, Chance chance)
    {
        var how = chance.OneIn(5) ? (byte)chance.Below(8) : KindOf(input);
        var blob = ContentOf(input);
        if (chance.OneIn(8) || Compression.TryPlain(blob) is not { } plain)
        {
            return [how, .. ByteMutation.Apply(blob, other, chance)];
        }

        var changed = TarMutation.Apply(plain, Compression.TryPlain(ContentOf(other)) ?? [], chance);
        return [how, .. chance.Below(6) switch
        {
            0 => Compression.Gzip(changed),
            1 => Compression.Zstd(changed),
            _ => changed,
        }];
    }

    public override string Run(byte[] input)
    {
        var how = KindOf(input);
        var parent = (how & 1) != 0 ? _parent : (Digest?)null;
        var limits = (how & 2) != 0 ? LayerLimits.Default : _small;
        var outcome = Unpack(ContentOf(input), parent, limits with { AllowDevices = (how & 4) == 0 });
        _sandbox.Check();
        return outcome;
    }

    private string Unpack(byte[] blob, Digest? parent, LayerLimits limits)
    {
        UnpackedLayer layer;
        var allocated = GC.GetTotalAllocatedBytes();
        try
        {
            layer = _sandbox.Layers.Unpack(new MemoryStream(blob), parent, null, limits, CancellationToken.None);
        }
        catch (ImageFormatException e)
        {
            return Oracle.Refusal(e);
        }

        Oracle.Holds(GC.GetTotalAllocatedBytes() - allocated < MaximumAllocation, "unpacking it took too much memory");
        Oracle.Holds(layer.Size <= limits.MaximumBytes, "the limit of bytes was not kept");
        if (layer.ChainId == _parent)
        {
            return "accepted";
        }

        try
        {
            if (layer.Size <= _small.MaximumBytes)
            {
                CheckAgain(blob, parent, layer);
            }
        }
        finally
        {
            _sandbox.Layers.Delete(layer.ChainId);
        }

        return "accepted";
    }

    private void CheckAgain(byte[] blob, Digest? parent, UnpackedLayer layer)
    {
        var differences = _sandbox.Layers.Verify(new MemoryStream(blob), parent, layer.DiffId, 1, CancellationToken.None);
        Oracle.Holds(differences.Count == 0, "unpacked twice, it is not the same");

        IReadOnlyList<string> stack = parent is { } below
            ? [_sandbox.Layers.PathOf(layer.ChainId), _sandbox.Layers.PathOf(below)]
            : [_sandbox.Layers.PathOf(layer.ChainId)];
        using var written = new MemoryStream();
        LayerArchive.WriteChanges(stack, written, (_, _) => false, CancellationToken.None);
        written.Position = 0;
        var copy = _sandbox.Layers.Unpack(written, parent, null, LayerLimits.Default, CancellationToken.None);
        try
        {
            IReadOnlyList<string> again = [_sandbox.Layers.PathOf(copy.ChainId), .. stack.Skip(1)];
            var changes = LayerComparison.Compare(stack, again, (_, _) => false, CancellationToken.None);
            var kinds = string.Join(' ', changes.Select(change => change.Kind).Distinct());
            Oracle.Holds(changes.Count == 0, $"written and unpacked, it is not the same: {kinds}");
        }
        finally
        {
            if (copy.ChainId != _parent)
            {
                _sandbox.Layers.Delete(copy.ChainId);
            }
        }
    }
}
