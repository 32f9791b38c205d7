using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Writes a tar archive: ustar where its fields suffice, else PAX records. The same entries give the same bytes.</summary>
public sealed class TarWriter(Stream stream)
{
    private const int NameLength = 100;
    private const string SparseName = "GNUSparseFile.0/file"; // for readers that do not know the format; others take the record's
    private const long MaximumOctal7 = (1L << 21) - 1;
    private const long MaximumOctal11 = (1L << 33) - 1;

    private long _left;
    private int _padding;

    /// <summary>Takes the data of the entry that was begun.</summary>
    internal Stream Data => new TarDataStream(this);

    /// <summary>Begins an entry; its data, as long as <see cref="TarEntry.Size"/> says, follows by <see cref="WriteData"/>.</summary>
    public void Write(TarEntry entry)
    {
        EndEntry();
        WriteHeader(entry, new PaxRecords());
        _left = entry.Kind == TarEntryKind.File ? entry.Size : 0;
        _padding = (int)(-_left & (TarBlock.Length - 1));
    }

    /// <summary>Begins a file with holes, in GNU's format 1.0: the data of the pieces follows by <see cref="WriteData"/>.</summary>
    /// <param name="map">The pieces that have data; null for a file without holes.</param>
    /// <remarks>https://www.gnu.org/software/tar/manual/html_node/PAX-1.html</remarks>
    public void Write(TarEntry entry, IReadOnlyList<(long Offset, long Length)>? map)
    {
        if (map is null)
        {
            Write(entry);
            return;
        }

        EndEntry();
        var records = new PaxRecords();
        records.AddIf(true, "GNU.sparse.major", 1);
        records.AddIf(true, "GNU.sparse.minor", 0);
        records.AddIf(true, "GNU.sparse.name", FileName.Encode(entry.Name));
        records.AddIf(true, "GNU.sparse.realsize", entry.Size);
        var text = Encoding.ASCII.GetBytes(string.Concat(
            map.SelectMany(piece => new[] { piece.Offset, piece.Length }).Prepend(map.Count)
                .Select(number => string.Create(CultureInfo.InvariantCulture, $"{number}\n"))));
        var mapLength = (text.Length + TarBlock.Length - 1) & ~(TarBlock.Length - 1);
        var stored = map.Sum(piece => piece.Length);
        WriteHeader(entry with { Name = SparseName, Size = mapLength + stored }, records);
        stream.Write(text);
        WriteZeros(mapLength - text.Length);
        _left = stored;
        _padding = (int)(-stored & (TarBlock.Length - 1));
    }

    // PAX records where the fields of a header do not suffice, and the header.
    private void WriteHeader(TarEntry entry, PaxRecords extra)
    {
        var name = FileName.Encode(entry.Kind == TarEntryKind.Directory && !entry.Name.EndsWith('/') ? entry.Name + "/" : entry.Name);
        var link = FileName.Encode(entry.LinkTarget);
        var records = Records(extra, entry, name, link);
        if (records.Length > 0)
        {
            WriteBlock((byte)'x', "PaxHeaders.0"u8, [], new TarEntry(TarEntryKind.File, "") { Mode = 0x1a4 }, records.Length);
            stream.Write(records);
            WriteZeros((int)(-records.Length & (TarBlock.Length - 1)));
        }

        WriteBlock((byte)entry.Kind, name, link, entry, entry.Size <= MaximumOctal11 ? entry.Size : 0);
    }

    /// <summary>Writes a file whose length nobody knows before it is written. The stream must be one that can be positioned.</summary>
    /// <param name="entry">Its name has at most 100 bytes.</param>
    /// <param name="content">Writes the data to the stream that it is given.</param>
    public void Write(TarEntry entry, Action<Stream> content)
    {
        Write(entry with { Size = 0 });
        var start = stream.Position;
        content(stream);
        var end = stream.Position;
        _padding = (int)((start - end) & (TarBlock.Length - 1));

        // Beyond 8 GiB the length takes GNU's binary form: there is no room any more for the record that would say it.
        stream.Position = start - TarBlock.Length;
        WriteBlock((byte)entry.Kind, FileName.Encode(entry.Name), [], entry, end - start);
        stream.Position = end;
    }

    public void WriteData(ReadOnlySpan<byte> data)
    {
        _left -= data.Length;
        if (_left < 0)
        {
            throw new ArgumentException("more data than the entry's size says", nameof(data));
        }

        stream.Write(data);
    }

    /// <summary>Writes the end mark. The stream stays open.</summary>
    public void Finish()
    {
        EndEntry();
        WriteZeros(2 * TarBlock.Length);
    }

    private static byte[] Records(PaxRecords records, TarEntry entry, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link)
    {
        if (!Utf8.IsValid(name) || !Utf8.IsValid(link))
        {
            records.AddIf(name.Length > NameLength || link.Length > NameLength, "hdrcharset", "BINARY"u8);
        }

        records.AddIf(name.Length > NameLength, "path", name);
        records.AddIf(link.Length > NameLength, "linkpath", link);
        records.AddIf(entry.Size > MaximumOctal11, "size", entry.Size);
        records.AddIf(entry.UserId > MaximumOctal7, "uid", entry.UserId);
        records.AddIf(entry.GroupId > MaximumOctal7, "gid", entry.GroupId);
        var isPlainTime = entry.Modified is { Nanoseconds: 0, Seconds: >= 0 and <= MaximumOctal11 };
        records.AddIf(!isPlainTime, "mtime", Encoding.ASCII.GetBytes(Time(entry.Modified)));
        foreach (var (attribute, value) in entry.Attributes)
        {
            // A key ends at the first equals sign, so a name that has one goes the way of libarchive.
            var isPlain = !attribute.Contains('=', StringComparison.Ordinal);
            records.AddIf(isPlain, "SCHILY.xattr." + attribute, value);
            records.AddIf(
                !isPlain, "LIBARCHIVE.xattr." + Uri.EscapeDataString(attribute), Encoding.ASCII.GetBytes(Convert.ToBase64String(value)));
        }

        return records.ToArray();
    }

    private static string Time(FileTime time)
    {
        if (time.Nanoseconds == 0)
        {
            return time.Seconds.ToString(CultureInfo.InvariantCulture);
        }

        // Written as sign and magnitude, kept as a floor and what is above it.
        var (sign, seconds, nanoseconds) = time.Seconds < 0
            ? ("-", -(time.Seconds + 1), 1_000_000_000 - time.Nanoseconds)
            : ("", time.Seconds, time.Nanoseconds);
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{nanoseconds:d9}");
    }

    private void WriteBlock(byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> link, TarEntry entry, long size)
    {
        Span<byte> block = stackalloc byte[TarBlock.Length];
        block.Clear();
        name[..Math.Min(name.Length, NameLength)].CopyTo(block);
        Octal(block.Slice(100, 8), entry.Mode);
        Octal(block.Slice(108, 8), entry.UserId <= MaximumOctal7 ? entry.UserId : 0);
        Octal(block.Slice(116, 8), entry.GroupId <= MaximumOctal7 ? entry.GroupId : 0);
        Octal(block.Slice(124, 12), size);
        Octal(block.Slice(136, 12), entry.Modified.Seconds is >= 0 and <= MaximumOctal11 ? entry.Modified.Seconds : 0);
        block[156] = type;
        link[..Math.Min(link.Length, NameLength)].CopyTo(block[157..]);
        "ustar\0"u8.CopyTo(block[257..]);
        "00"u8.CopyTo(block[263..]);
        if (entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice)
        {
            Octal(block.Slice(329, 8), entry.DeviceMajor);
            Octal(block.Slice(337, 8), entry.DeviceMinor);
        }

        block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var value in block)
        {
            sum += value;
        }

        Octal(block.Slice(148, 7), sum);
        block[154] = 0;
        stream.Write(block);
    }

    // Digits up to a NUL; a device number beyond them, which Linux has room for, takes GNU's binary form.
    private static void Octal(Span<byte> field, long value)
    {
        if (value >> (3 * (field.Length - 1)) != 0)
        {
            BinaryPrimitives.WriteInt64BigEndian(field[^sizeof(long)..], value);
            field[0] |= 0x80;
            return;
        }

        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    private void EndEntry()
    {
        if (_left != 0)
        {
            throw new InvalidOperationException("the entry's data is shorter than its size says");
        }

        WriteZeros(_padding);
        _padding = 0;
    }

    private void WriteZeros(int count)
    {
        Span<byte> zeros = stackalloc byte[2 * TarBlock.Length];
        zeros.Clear();
        stream.Write(zeros[..count]);
    }
}
