using CsCheck;
using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Images.Tests.Layers;

public sealed class TarRoundTripTests
{
    private static readonly Gen<string> _name = Gen.OneOf(
        Gen.String[Gen.Char.AlphaNumeric, 1, 300],
        Gen.String[Gen.Char['À', 'ж'], 1, 120],
        Gen.Select(Gen.Byte[1, 255].Array[1, 110], bytes => FileName.Decode(bytes)))
        .Select(name => name.TrimEnd('/'))
        .Where(name => name.Length > 0);

    private static readonly Gen<FileTime> _time = Gen.Select(
        Gen.Long[-(1L << 35), 1L << 36], Gen.OneOf(Gen.Const(0), Gen.Int[0, 999_999_999]), (s, n) => new FileTime(s, n));

    private static readonly Gen<SortedDictionary<string, byte[]>> _attributes = Gen.Select(
        Gen.Select(Gen.String[Gen.Char["abc.=%é ~"], 1, 20], Gen.Byte.Array[0, 130]).Array[0, 4],
        pairs => new SortedDictionary<string, byte[]>(
            pairs.DistinctBy(p => p.Item1).ToDictionary(p => "user." + p.Item1, p => p.Item2), StringComparer.Ordinal));

    private static readonly Gen<(TarEntry Entry, byte[] Data)> _entry =
        from kind in Gen.Enum<TarEntryKind>()
        from name in _name
        from link in _name
        from mode in Gen.Int[0, 0xfff]
        from owners in Gen.Select(Gen.UInt[0, uint.MaxValue - 1], Gen.UInt[0, 3_000_000])
        from time in _time
        from device in Gen.Select(Gen.UInt[0, 0xfff], Gen.UInt[0, 0xfffff])
        from attributes in _attributes
        from data in Gen.Byte.Array[0, 2000]
        select (new TarEntry(kind, name)
        {
            LinkTarget = kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink ? link : "",
            Mode = mode,
            UserId = owners.Item1,
            GroupId = owners.Item2,
            Modified = time,
            Size = kind == TarEntryKind.File ? data.Length : 0,
            DeviceMajor = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? device.Item1 : 0,
            DeviceMinor = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice ? device.Item2 : 0,
            Attributes = attributes,
        }, kind == TarEntryKind.File ? data : []);

    [Fact]
    public void What_is_written_is_read_again() => _entry.Array[0, 12].Sample(entries =>
    {
        var tar = LayerSandbox.Tar(entries);

        var reader = new TarReader(new MemoryStream(tar));
        foreach (var (entry, data) in entries)
        {
            var read = reader.Read();
            Assert.NotNull(read);
            Assert.Equal(entry with { Attributes = read.Attributes }, read);
            Assert.Equal(entry.Attributes, read.Attributes);
            using var content = new MemoryStream();
            new TarEntryStream(reader, read).CopyTo(content);
            Assert.Equal(data, content.ToArray());
        }

        Assert.Null(reader.Read());
        Assert.True(reader.HasEndMark);
    });

    [Fact]
    public void Data_that_nobody_reads_is_skipped() => _entry.Array[1, 8].Sample(entries =>
    {
        var reader = new TarReader(new MemoryStream(LayerSandbox.Tar(entries)));

        foreach (var (entry, _) in entries)
        {
            Assert.Equal(entry.Name, reader.Read()?.Name);
        }

        Assert.Null(reader.Read());
    });

    [Fact]
    public void Any_damage_is_refused_or_harmless_but_never_a_crash() =>
        Gen.Select(_entry.Array[1, 6], Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Int[0, int.MaxValue]).Sample((entries, at, value, cut) =>
        {
            var tar = LayerSandbox.Tar(entries);
            tar[at % tar.Length] ^= value;
            var reader = new TarReader(new MemoryStream(tar, 0, cut % 2 == 0 ? tar.Length : cut % tar.Length));

            try
            {
                while (reader.Read() is not null)
                {
                    while (!reader.ReadData(out _).IsEmpty)
                    {
                    }
                }
            }
            catch (ImageFormatException e)
            {
                Assert.NotEmpty(e.Message);
            }
        });

    [Theory]
    [InlineData("plain")]
    [InlineData("ä ö")]
    [InlineData("日本\n𝄞")]
    public void Names_that_are_text_stay_text(string name) => Assert.Equal(name, FileName.Decode(System.Text.Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Names_of_any_bytes_survive() =>
        Gen.Byte.Array[0, 40].Sample(bytes => Assert.Equal(bytes, FileName.Encode(FileName.Decode(bytes))));
}
