using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Reads a tar archive of any usual dialect from front to back: v7, ustar, star, PAX, GNU.</summary>
/// <remarks>Anything that is not as it should be is an <see cref="ImageFormatException"/>; nothing is guessed.</remarks>
public sealed partial class TarReader(Stream stream)
{
    // GNU tar writes three at most: long name, long target, PAX. What they say is kept until the entry comes.
    private const int MaximumAnnouncements = 16;

    private readonly TarInput _input = new(stream);

    private PaxHeader _global = new();
    private IReadOnlyList<(long Offset, long Length)> _pieces = [];
    private int _piece;
    private long _pieceDone;
    private int _padding;

    /// <summary>Whether the archive ended with its end mark. One that was cut between two entries has none.</summary>
    public bool HasEndMark { get; private set; }

    /// <summary>The next entry, or null at the end. What was not read of the former entry's data is skipped.</summary>
    public TarEntry? Read()
    {
        SkipData();
        var start = _input.Position;
        var announced = new Announcement();
        try
        {
            for (var announcements = 0; _input.TryBlock(out var bytes); announcements++)
            {
                var block = new TarBlock(bytes);
                if (block.IsZero)
                {
                    ReadEnd();
                    return null;
                }

                if (!block.IsIntact)
                {
                    throw new ImageFormatException("the checksum of the header is wrong: this is not a tar archive, or it is damaged");
                }

                if (!TryAnnouncement(block, ref announced))
                {
                    return Entry(block, announced);
                }

                if (announcements == MaximumAnnouncements)
                {
                    throw new ImageFormatException($"more than {MaximumAnnouncements} headers describe one entry");
                }
            }

            return announced == default
                ? null
                : throw new ImageFormatException("the archive ends where an entry should follow");
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"tar archive, header at byte {start}: {e.Message}");
        }
    }

    /// <summary>
    /// The next bytes of the entry's data and where they belong in the file; empty at the end. Valid until the next call.
    /// </summary>
    public ReadOnlySpan<byte> ReadData(out long offset) => ReadData(int.MaxValue, out offset);

    /// <summary>Where the next stored bytes belong; null after the last.</summary>
    internal long? NextOffset => _piece < _pieces.Count ? _pieces[_piece].Offset + _pieceDone : null;

    internal ReadOnlySpan<byte> ReadData(int most, out long offset)
    {
        if (_piece == _pieces.Count)
        {
            offset = 0;
            return [];
        }

        var (start, length) = _pieces[_piece];
        offset = start + _pieceDone;
        var data = _input.Some(Math.Min(most, length - _pieceDone));
        _pieceDone += data.Length;
        if (_pieceDone == length)
        {
            (_piece, _pieceDone) = (_piece + 1, 0);
        }

        return data;
    }

    private static long Padded(long size) => size is >= 0 and < long.MaxValue - TarBlock.Length
        ? (size + TarBlock.Length - 1) / TarBlock.Length * TarBlock.Length
        : throw new ImageFormatException("the size is negative or impossible");

    private void SkipData()
    {
        while (_piece < _pieces.Count)
        {
            _input.Skip(_pieces[_piece].Length - _pieceDone);
            (_piece, _pieceDone) = (_piece + 1, 0);
        }

        _input.Skip(_padding);
        _padding = 0;
    }

    // Two blocks of zeros. A writer that was stopped after one is taken to have meant it.
    private void ReadEnd()
    {
        HasEndMark = true;
        if (_input.TryBlock(out var second) && !new TarBlock(second).IsZero)
        {
            throw new ImageFormatException("the end mark is followed by more");
        }
    }

    private string LongName(long size)
    {
        var bytes = _input.Extension(size);
        var end = bytes.IndexOf((byte)0);
        return FileName.Decode(end < 0 ? bytes : bytes[..end]);
    }

    // Headers that say something about the entry that follows, or about all of them.
    private bool TryAnnouncement(TarBlock block, ref Announcement announced)
    {
        switch (block.TypeFlag)
        {
            case 'x' or 'X':
                announced.Pax ??= new PaxHeader(_global);
                announced.Pax.Add(_input.Extension(block.Size));
                return true;
            case 'g':
                _global = new PaxHeader(_global);
                _global.Add(_input.Extension(block.Size));
                return true;
            case 'L':
                announced.Name = LongName(block.Size);
                return true;
            case 'K':
                announced.LinkTarget = LongName(block.Size);
                return true;
            case 'V':
                _input.Skip(Padded(block.Size));
                return true;
            default:
                return false;
        }
    }

    private TarEntry Entry(TarBlock block, Announcement announced)
    {
        var pax = announced.Pax ?? _global;
        var name = pax.Sparse?.Name ?? pax.Path ?? announced.Name ?? block.Name;
        try
        {
            return Entry(block, pax, name, pax.LinkPath ?? announced.LinkTarget ?? block.LinkTarget);
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"entry '{name}': {e.Message}");
        }
    }

    private TarEntry Entry(TarBlock block, PaxHeader pax, string name, string linkTarget)
    {
        var kind = KindOf(block.TypeFlag, name);
        var size = kind == TarEntryKind.File ? pax.Size ?? block.Size : 0;
        if (name.Contains('\0', StringComparison.Ordinal) || linkTarget.Contains('\0', StringComparison.Ordinal))
        {
            throw new ImageFormatException("the name or link target holds a NUL");
        }

        var isDevice = kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice;
        var entry = new TarEntry(kind, kind == TarEntryKind.Directory && name.Length > 1 ? name.TrimEnd('/') : name)
        {
            LinkTarget = kind is TarEntryKind.HardLink or TarEntryKind.SymbolicLink ? linkTarget : "",
            Mode = (int)(block.Mode & 0xfff),
            UserId = Identity(pax.UserId ?? block.UserId, "owner"),
            GroupId = Identity(pax.GroupId ?? block.GroupId, "group"),
            Modified = pax.Modified ?? new FileTime(block.Modified),
            DeviceMajor = isDevice ? Identity(block.DeviceMajor, "device number") : 0,
            DeviceMinor = isDevice ? Identity(block.DeviceMinor, "device number") : 0,
            Attributes = pax.Attributes ?? TarEntry.NoAttributes,
        };
        _padding = (int)(Padded(size) - size);
        var map = (block.TypeFlag, pax.Sparse, kind) switch
        {
            ('S', _, _) => OldSparseMap(block, size),
            (_, { } sparse, TarEntryKind.File) => PaxSparseMap(sparse, ref size),
            _ => null,
        };
        _pieces = map?.Pieces ?? (size == 0 ? [] : [(0, size)]);
        (_piece, _pieceDone) = (0, 0);
        return entry with { Size = map?.RealSize ?? size };
    }

    private static TarEntryKind KindOf(char flag, string name) => flag switch
    {
        // Before ustar a directory was a file whose name ends with a slash.
        '\0' or '0' when name.EndsWith('/') => TarEntryKind.Directory,
        '\0' or '0' or '7' or 'S' => TarEntryKind.File,
        >= '1' and <= '6' => (TarEntryKind)flag,
        _ => throw new ImageFormatException(string.Create(CultureInfo.InvariantCulture, $"type 0x{(int)flag:x2} is unknown")),
    };

    // 0xffffffff means "leave it" to chown(2).
    private static uint Identity(long value, string field) => value is >= 0 and < uint.MaxValue
        ? (uint)value
        : throw new ImageFormatException(string.Create(CultureInfo.InvariantCulture, $"the {field} {value} is impossible"));

    private record struct Announcement(PaxHeader? Pax, string? Name, string? LinkTarget);
}
