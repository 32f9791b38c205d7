using CsCheck;
using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Images.Tests.Layers;

/// <summary>Any two layers, stacked, archived and unpacked again; needs root.</summary>
public sealed class LayerRoundTripTests : IDisposable
{
    // Few names, so that the layers meet: one hides, replaces and adds to what the other has.
    private static readonly Gen<string> _path = AnyOf("a", "b", "ü").Array[1, 3].Select(parts => string.Join('/', parts));

    private static readonly Gen<(TarEntry Entry, byte[] Data)> _entry =
        from kind in AnyOf(
            TarEntryKind.File, TarEntryKind.File, TarEntryKind.Directory, TarEntryKind.Directory, TarEntryKind.SymbolicLink,
            TarEntryKind.HardLink, TarEntryKind.Fifo, TarEntryKind.CharacterDevice)
        from path in _path
        from link in _path
        from mode in Gen.Int[0, 0xfff]
        from owner in AnyOf(0u, 1000u, 3_000_000_000u)
        from time in Gen.Select(Gen.Long[-(1L << 33), 1L << 34], Gen.Int[0, 999_999_999], (s, n) => new FileTime(s, n))
        from attribute in Gen.Byte.Array[0, 20]
        from data in Gen.Byte.Array[0, 700]
        from deletion in Gen.Int[0, 5]
        select deletion == 0
            ? (new TarEntry(TarEntryKind.File, Deletion(path)), [])
            : (new TarEntry(kind, path)
            {
                LinkTarget = kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink ? link : "",
                Mode = mode,
                UserId = owner,
                GroupId = owner / 2,
                Modified = time,
                DeviceMajor = kind == TarEntryKind.CharacterDevice ? 1u : 0,
                DeviceMinor = kind == TarEntryKind.CharacterDevice ? 300u : 0,
                Attributes = Attributes(kind == TarEntryKind.File && attribute.Length > 10 ? attribute : null),
            }, kind == TarEntryKind.File ? data : []);

    private readonly LayerSandbox _sandbox = new();

    public LayerRoundTripTests() => LayerSandbox.SkipUnlessRoot();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void Archives_of_stacked_layers_give_the_same_tree_again()
    {
        var compared = 0;
        Gen.Select(_entry.Array[0, 14], _entry.Array[0, 14]).Sample(
            (lower, upper) =>
            {
                if (TryUnpack(lower, null) is not { } below || TryUnpack(upper, below) is not { } top)
                {
                    return; // A hard link to nothing, or a file that is to hold something.
                }

                IReadOnlyList<string> stack = [_sandbox.PathOf(top), _sandbox.PathOf(below)];

                var merged = _sandbox.Unpack(Archive(LayerArchive.WriteMerged, stack));
                var changes = _sandbox.Unpack(Archive(LayerArchive.WriteChanges, stack), below.ChainId);

                Assert.Empty(Differences([_sandbox.PathOf(merged)], stack));
                Assert.Empty(Differences(stack, [_sandbox.PathOf(merged)]));
                Assert.Empty(Differences([_sandbox.PathOf(changes), _sandbox.PathOf(below)], stack));
                Assert.Empty(Differences(stack, [_sandbox.PathOf(changes), _sandbox.PathOf(below)]));
                compared++;
            },
            iter: 500,
            threads: 1);

        // Most are no archives at all; so many are, whatever chance says.
        Assert.InRange(compared, 15, 500);
    }

    [Fact]
    public void Pieces_of_a_file_with_holes_are_read_where_they_were() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Byte.Array[1, 900]).Array[0, 6].Sample(pieces =>
        {
            var content = new List<byte>();
            var map = new List<(long, long)>();
            foreach (var (hole, data) in pieces)
            {
                content.AddRange(new byte[hole]);
                map.Add((content.Count, data.Length));
                content.AddRange(data);
            }

            content.AddRange(new byte[77]);
            map.Add((content.Count, 0));
            using var bytes = new MemoryStream();
            var writer = new TarWriter(bytes);
            writer.Write(new TarEntry(TarEntryKind.File, "holes") { Size = content.Count, UserId = 3_000_000 }, map);
            Array.ForEach(pieces, piece => writer.WriteData(piece.Item2));
            writer.Write(new TarEntry(TarEntryKind.File, "next"));
            writer.Finish();

            bytes.Position = 0;
            var reader = new TarReader(bytes);
            var entry = reader.Read()!;
            using var read = new MemoryStream();
            new TarEntryStream(reader, entry).CopyTo(read);
            Assert.Equal(("holes", content.Count, 3_000_000u), (entry.Name, entry.Size, entry.UserId));
            Assert.Equal(content, read.ToArray());
            Assert.Equal("next", reader.Read()?.Name);
        });

    private delegate void Writer(
        IReadOnlyList<string> layers, Stream target, Func<string, FileStat, bool> isLeftOut, CancellationToken stop);

    private static Gen<T> AnyOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static SortedDictionary<string, byte[]> Attributes(byte[]? value)
    {
        var attributes = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        if (value is not null)
        {
            attributes.Add("user.x", value);
        }

        return attributes;
    }

    private static string Deletion(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return $"{path[..slash]}.wh.{path[slash..]}";
    }

    private static byte[] Archive(Writer writer, IReadOnlyList<string> layers)
    {
        using var bytes = new MemoryStream();
        writer(layers, bytes, static (_, _) => false, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    private static IEnumerable<string> Differences(IReadOnlyList<string> before, IReadOnlyList<string> after) => LayerComparison
        .Compare(before, after, static (_, _) => false, TestContext.Current.CancellationToken)
        .Select(change => $"{change.Kind} {change.Path}");

    private UnpackedLayer? TryUnpack((TarEntry Entry, byte[] Data)[] entries, UnpackedLayer? below)
    {
        try
        {
            return _sandbox.Unpack(LayerSandbox.Tar(entries), below?.ChainId);
        }
        catch (ImageFormatException)
        {
            return null;
        }
    }
}
