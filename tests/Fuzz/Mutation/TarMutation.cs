using System.Globalization;
using System.Text;

namespace PsContainers.Fuzz.Mutation;

/// <summary>Changes of a tar archive that mostly leave its headers intact: what is behind the checksum is what matters.</summary>
internal static class TarMutation
{
    private const int Block = 512;

    // Offset and length of the fields of a header.
    private static readonly (int Offset, int Length)[] _fields =
    [
        (0, 100), (100, 8), (108, 8), (116, 8), (124, 12), (136, 12), (156, 1), (157, 100), (257, 8), (329, 8), (337, 8), (345, 155),
        (386, 97), (482, 1), (483, 12),
    ];

    private static readonly string[] _numbers =
        ["0", "7777777", "77777777777", "1", "1000", "4000", "20000000", "17777777777", "8", " 7 ", "-1", ""];

    private static readonly string[] _records =
    [
        "path", "linkpath", "size", "uid", "gid", "mtime", "SCHILY.xattr.user.a", "SCHILY.xattr.trusted.overlay.opaque",
        "SCHILY.xattr.security.capability",
        "SCHILY.xattr.system.posix_acl_access", "SCHILY.xattr.", "SCHILY.xattr.security.selinux", "SCHILY.xattr.nonsense",
        "LIBARCHIVE.xattr.user.%00",
        "LIBARCHIVE.xattr.user.a", "GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name", "GNU.sparse.realsize", "GNU.sparse.size",
        "GNU.sparse.offset", "GNU.sparse.numbytes", "GNU.sparse.map", "GNU.sparse.numblocks", "hdrcharset", "comment", "", "atime",
    ];

    private static readonly string[] _values =
    [
        "", "0", "1", "-1", "1.5", "-1.5", "9223372036854775807", "9223372036854775808", "9223372036854775807.999999999",
        "-9223372036854775808.1",
        "4294967295", "2147483648", "1099511627776", "18014398509481984", "0,5", "0,5,10,5", "0,9223372036854775807", "5,1,0,1", ",",
        "AAAA", "====", "!", "BINARY",
    ];

    public static byte[] Apply(byte[] archive, byte[] other, Chance chance)
    {
        var entries = Split(archive);
        var others = Split(other);
        for (var count = 1 + chance.Below(4); count > 0 && entries.Count > 0; count--)
        {
            Change(entries, others, chance);
        }

        return [.. entries.SelectMany(entry => entry)];
    }

    private static void Change(List<byte[]> entries, List<byte[]> others, Chance chance)
    {
        var index = chance.Below(entries.Count);
        switch (chance.Below(13))
        {
            case 0:
                entries.RemoveAt(index);
                break;
            case 1:
                entries.Insert(chance.Below(entries.Count), entries[index]);
                break;
            case 2 when others.Count > 0:
                entries.Insert(index, chance.Of(others));
                break;
            case 3:
                entries[index] = ByteMutation.Apply(entries[index], [], chance);
                break;
            case 4 or 5:
                entries.Insert(index, Pax(chance));
                break;
            case 6:
                entries.Insert(index, LongName(chance));
                break;
            case 7 or 8:
                entries.Insert(index, Made(chance));
                break;
            case 9:
                entries.InsertRange(index, ThroughLink(chance));
                break;
            default:
                entries[index] = Field(entries[index], chance);
                break;
        }
    }

    private static List<byte[]> Split(byte[] archive)
    {
        var entries = new List<byte[]>();
        for (var at = 0; at < archive.Length;)
        {
            var size = at + Block <= archive.Length ? Octal(archive.AsSpan(at + 124, 12)) : 0;
            var end = Math.Min(archive.Length, at + Block + ((Math.Min(size, archive.Length) + Block - 1) / Block * Block));
            entries.Add(archive[at..(int)end]);
            at = (int)end;
        }

        return entries;
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (var digit in field)
        {
            value = digit is >= (byte)'0' and <= (byte)'7' ? (value * 8) + digit - '0' : value;
        }

        return value;
    }

    private static byte[] Field(byte[] entry, Chance chance)
    {
        if (entry.Length < Block)
        {
            return entry;
        }

        var changed = (byte[])entry.Clone();
        var (offset, length) = chance.Of(_fields);
        var field = changed.AsSpan(offset, length);
        switch (length)
        {
            case 1:
                field[0] = chance.OneIn(4) ? chance.Byte() : (byte)chance.Of("01234567SxgLKVX\0");
                break;
            case >= 97:
                Put(field, chance.Of(offset == 157 ? Vocabulary.LinkTargets : Vocabulary.FileNames));
                break;
            default:
                Put(field, chance.Of(_numbers));
                field[0] = chance.OneIn(5) ? chance.Of([(byte)0x80, (byte)0xff, (byte)0xbf]) : field[0];
                break;
        }

        return Sealed(changed, chance);
    }

    private static void Put(Span<byte> field, string text)
    {
        field.Clear();
        var bytes = Encoding.Latin1.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, field.Length)).CopyTo(field);
    }

    private static byte[] Sealed(byte[] entry, Chance chance)
    {
        if (chance.OneIn(20))
        {
            return entry;
        }

        entry.AsSpan(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in entry.AsSpan(0, Block))
        {
            sum += value;
        }

        Put(entry.AsSpan(148, 8), Convert.ToString(sum, 8).PadLeft(6, '0'));
        return entry;
    }

    // An entry of any kind with names that the others have too.
    private static byte[] Made(Chance chance)
    {
        var data = chance.OneIn(2) ? [] : chance.Bytes(chance.Length(2000));
        return Entry(chance.Of("0123456S7"), chance.Of(Vocabulary.FileNames), chance.Of(Vocabulary.LinkTargets), data, chance);
    }

    // A link to anywhere, and something that is put there or linked to.
    private static byte[][] ThroughLink(Chance chance)
    {
        var name = chance.Of(["a", "b", "c", "l"]);
        var (below, target) = ($"{name}/{chance.Of(["x", "file", "a/x", ".wh.file", ".wh..wh..opq"])}", chance.Of(Vocabulary.LinkTargets));
        return
        [
            Entry('2', name, target, [], chance),
            chance.OneIn(4) ? Entry('1', "hard", below, [], chance) : Entry(chance.Of("0023456"), below, "x", [], chance),
        ];
    }

    private static byte[] LongName(Chance chance)
    {
        var name = chance.Of(Vocabulary.LinkTargets) + (chance.OneIn(2) ? "\0" : "");
        return Entry(chance.Of("LK"), "././@LongLink", "", Encoding.Latin1.GetBytes(name), chance);
    }

    private static byte[] Pax(Chance chance)
    {
        var records = new List<byte>();
        for (var count = 1 + chance.Below(4); count > 0; count--)
        {
            var key = chance.Of(_records);
            var value = chance.OneIn(3) ? chance.Of(Vocabulary.LinkTargets) : chance.Of(_values);
            var rest = Encoding.UTF8.GetBytes($" {key}={value}\n");
            var length = rest.Length + 1;
            length = rest.Length + Digits(length).Length;
            length = rest.Length + Digits(length).Length;
            records.AddRange(Digits(chance.OneIn(20) ? chance.Below(2000) : length));
            records.AddRange(rest);
        }

        return Entry(chance.OneIn(4) ? 'g' : 'x', "pax", "", [.. records], chance);
    }

    private static byte[] Digits(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static byte[] Entry(char type, string name, string link, byte[] data, Chance chance)
    {
        var entry = new byte[Block + ((data.Length + Block - 1) / Block * Block)];
        Put(entry.AsSpan(0, 100), name);
        Put(entry.AsSpan(100, 8), chance.Of(["0000755", "0004755", "0007777", "0000000"]));
        Put(entry.AsSpan(108, 8), "0000000");
        Put(entry.AsSpan(116, 8), "0000000");
        Put(entry.AsSpan(124, 12), Convert.ToString(data.Length, 8).PadLeft(11, '0'));
        Put(entry.AsSpan(136, 12), "14000000000");
        entry[156] = (byte)type;
        Put(entry.AsSpan(157, 100), link);
        Put(entry.AsSpan(257, 8), chance.OneIn(2) ? "ustar\u000000" : "ustar  \0");
        data.CopyTo(entry, Block);
        return Sealed(entry, chance);
    }
}
