using System.Buffers.Text;
using System.Text;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>What the records of a PAX header say; null where they say nothing and the plain header holds.</summary>
/// <remarks>https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, "pax Extended Header"</remarks>
internal sealed class PaxHeader
{
    internal const int MaximumLength = 1024 * 1024;

    private const int MaximumAttributes = 256;
    private const int MaximumAttribute = 64 * 1024; // XATTR_SIZE_MAX
    private const string SchilyAttribute = "SCHILY.xattr.";
    private const string LibarchiveAttribute = "LIBARCHIVE.xattr.";

    internal PaxHeader()
    {
    }

    /// <summary>A copy of the global header, for one entry's own records to be added to.</summary>
    internal PaxHeader(PaxHeader global)
    {
        (Path, LinkPath, Size, UserId, GroupId, Modified) =
            (global.Path, global.LinkPath, global.Size, global.UserId, global.GroupId, global.Modified);
        Attributes = global.Attributes is null ? null : new(global.Attributes, StringComparer.Ordinal);
    }

    internal string? Path { get; private set; }

    internal string? LinkPath { get; private set; }

    internal long? Size { get; private set; }

    internal long? UserId { get; private set; }

    internal long? GroupId { get; private set; }

    internal FileTime? Modified { get; private set; }

    internal SortedDictionary<string, byte[]>? Attributes { get; private set; }

    internal PaxSparse? Sparse { get; private set; }

    /// <summary>Adds records of the form `length key=value\n`, where the length counts all of it.</summary>
    internal void Add(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
        {
            if (!Utf8Parser.TryParse(records, out int length, out var digits) || length <= digits + 2 || length > records.Length
                || records[digits] != ' ' || records[length - 1] != '\n')
            {
                throw new ImageFormatException("a PAX record is malformed");
            }

            var record = records[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                throw new ImageFormatException("a PAX record has no key");
            }

            Set(Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..]);
            records = records[length..];
        }
    }

    // An empty value takes back what a global header said.
    private void Set(string key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case "path":
                Path = value.IsEmpty ? null : FileName.Decode(value);
                break;
            case "linkpath":
                LinkPath = value.IsEmpty ? null : FileName.Decode(value);
                break;
            case "size":
                Size = Integer(key, value);
                break;
            case "uid":
                UserId = Integer(key, value);
                break;
            case "gid":
                GroupId = Integer(key, value);
                break;
            case "mtime":
                Modified = Time(value);
                break;
            case var _ when key.StartsWith(SchilyAttribute, StringComparison.Ordinal):
                AddAttribute(key[SchilyAttribute.Length..], value.ToArray());
                break;
            case var _ when key.StartsWith(LibarchiveAttribute, StringComparison.Ordinal):
                AddAttribute(Uri.UnescapeDataString(key[LibarchiveAttribute.Length..]), Base64Bytes(value));
                break;
            case var _ when key.StartsWith(PaxSparse.Prefix, StringComparison.Ordinal):
                (Sparse ??= new PaxSparse()).Set(key, value);
                break;
            default:
                // atime, ctime, uname, comment and the like do not reach the disk.
                break;
        }
    }

    private void AddAttribute(string name, byte[] value)
    {
        if (value.Length > MaximumAttribute)
        {
            throw new ImageFormatException($"the extended attribute '{name}' is longer than the {MaximumAttribute} bytes that Linux keeps");
        }

        Attributes ??= new(StringComparer.Ordinal);
        Attributes[name] = value;
        if (name.Length is 0 or > 255 || name.Contains('\0', StringComparison.Ordinal) || Attributes.Count > MaximumAttributes)
        {
            throw new ImageFormatException("the extended attributes are malformed or too many");
        }
    }

    internal static long? Integer(string key, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return null;
        }

        return Utf8Parser.TryParse(value, out long number, out var digits) && digits == value.Length && number >= 0
            ? number
            : throw new ImageFormatException($"the PAX record '{key}' is not a number that can be");
    }

    // Seconds with any number of decimals: the inode keeps nine. -1.5 is half a second after -2.
    private static FileTime? Time(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return null;
        }

        var isNegative = value[0] == '-';
        var digits = isNegative ? value[1..] : value;
        var point = digits.IndexOf((byte)'.');
        var whole = point < 0 ? digits : digits[..point];
        var fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.IsEmpty || whole.ContainsAnyExceptInRange((byte)'0', (byte)'9') || fraction.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(whole, out long seconds, out _))
        {
            throw new ImageFormatException("the PAX record 'mtime' is not a time");
        }

        var nanoseconds = 0;
        for (var i = 0; i < 9; i++)
        {
            nanoseconds = (nanoseconds * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        return (isNegative, nanoseconds) switch
        {
            (false, _) => new FileTime(seconds, nanoseconds),
            (true, 0) => new FileTime(-seconds),
            (true, _) => new FileTime(-seconds - 1, 1_000_000_000 - nanoseconds),
        };
    }

    // libarchive leaves out the padding.
    private static byte[] Base64Bytes(ReadOnlySpan<byte> value)
    {
        var text = Encoding.ASCII.GetString(value).TrimEnd('=');
        try
        {
            return Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            throw new ImageFormatException("an extended attribute is not base64");
        }
    }
}
