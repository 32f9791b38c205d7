using PsContainers.Images.Layers;
using PsContainers.Linux;

namespace PsContainers.Fuzz.Targets;

/// <summary>Layers with every kind of entry that there is.</summary>
internal static class LayerSeeds
{
    /// <summary>Uncompressed archives.</summary>
    public static IReadOnlyList<byte[]> Plain() =>
    [
        Tar(
            Directory("."), Directory("a"), File("a/b"), Link("c", "a"), HardLink("b", "a/b"), Node(TarEntryKind.Fifo, "fifo"),
            Node(TarEntryKind.CharacterDevice, "null"), Node(TarEntryKind.BlockDevice, "disk"), File("c/through")),
        Tar(File(".wh.a"), File("b/.wh..wh..opq"), File("b/c"), File(".wh..wh..opq"), Directory("a"), File("a/.wh.b")),
        Tar(File(new string('n', 120) + "/" + new string('m', 200)), Link("a", new string('t', 300)), File("é\udcff")),
        Tar(
            File("a") with { Modified = new FileTime(-2, 5), UserId = 3_000_000, GroupId = 70_000, Mode = 0xfff },
            File("b") with { Attributes = Attributes("user.a", "1") }, Directory("d") with { Attributes = Attributes("user.b=c", "2") }),
        Sparse(),
        Tar(),
    ];

    private static byte[] Sparse()
    {
        using var stream = new MemoryStream();
        var tar = new TarWriter(stream);
        tar.Write(new TarEntry(TarEntryKind.File, "holes") { Mode = 0x1a4, Size = 1_000_000 }, [(4096, 5), (500_000, 100)]);
        tar.WriteData(new byte[105]);
        tar.Finish();
        return stream.ToArray();
    }

    private static byte[] Tar(params TarEntry[] entries)
    {
        using var stream = new MemoryStream();
        var tar = new TarWriter(stream);
        foreach (var entry in entries)
        {
            tar.Write(entry);
            tar.WriteData(new byte[entry.Size]);
        }

        tar.Finish();
        return stream.ToArray();
    }

    private static SortedDictionary<string, byte[]> Attributes(string name, string value) =>
        new(StringComparer.Ordinal) { [name] = System.Text.Encoding.UTF8.GetBytes(value) };

    private static TarEntry File(string name) => new(TarEntryKind.File, name) { Mode = 0x1a4, Size = 3 };

    private static TarEntry Directory(string name) => new(TarEntryKind.Directory, name) { Mode = 0x1ed };

    private static TarEntry Link(string name, string target) => new(TarEntryKind.SymbolicLink, name) { LinkTarget = target };

    private static TarEntry HardLink(string name, string target) => new(TarEntryKind.HardLink, name) { LinkTarget = target };

    private static TarEntry Node(TarEntryKind kind, string name) => new(kind, name) { Mode = 0x1b6, DeviceMajor = 1, DeviceMinor = 3 };
}
