using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Writes files of this machine as entries of an archive, each as faithfully as tar can.</summary>
/// <param name="mount">Where the files lie: what is mounted over one of them is left out.</param>
internal sealed class TreeEntryWriter(TarWriter writer, ulong mount, LayerLimits limits, CancellationToken stop)
{
    private readonly Dictionary<FileIdentity, string> _linked = [];
    private readonly byte[] _buffer = new byte[256 * 1024];

    private long _size;

    /// <summary>Writes an opened directory, without what is in it.</summary>
    internal void WriteDirectory(DirectoryDescriptor directory, string path) =>
        writer.Write(Entry(directory, ".", directory.Status, TarEntryKind.Directory, path));

    /// <summary>Writes that a name of the lower layers is deleted, or with `.wh..opq` as name that a whole directory is.</summary>
    internal void WriteWhiteout(string path) => writer.Write(new TarEntry(TarEntryKind.File, path));

    /// <summary>Writes what is not a directory. The content of a file may lie elsewhere than its name and attributes.</summary>
    internal void Write(
        DirectoryDescriptor directory,
        string name,
        FileStat status,
        string path,
        (DirectoryDescriptor Directory, string Name)? content = null)
    {
        if (status.LinkCount > 1 && !_linked.TryAdd(status.Identity, path))
        {
            writer.Write(Entry(status, TarEntryKind.HardLink, path) with { LinkTarget = _linked[status.Identity] });
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Socket:
                break;
            case FileKind.Regular:
                WriteFile(directory, name, path, content ?? (directory, name));
                break;
            case FileKind.SymbolicLink:
                var link = Entry(directory, name, status, TarEntryKind.SymbolicLink, path);
                writer.Write(link with { LinkTarget = directory.ReadSymbolicLink(name) });
                break;
            case FileKind.CharacterDevice:
                writer.Write(Entry(directory, name, status, TarEntryKind.CharacterDevice, path));
                break;
            case FileKind.BlockDevice:
                writer.Write(Entry(directory, name, status, TarEntryKind.BlockDevice, path));
                break;
            default:
                writer.Write(Entry(directory, name, status, TarEntryKind.Fifo, path));
                break;
        }
    }

    /// <summary>Forgets a file that went before anything was written of it.</summary>
    internal void Forget(string path)
    {
        foreach (var (identity, _) in _linked.Where(linked => linked.Value == path).ToList())
        {
            _linked.Remove(identity);
        }
    }

    /// <summary>Refuses a name that an archive cannot hold, or that would mean something else in it.</summary>
    internal static void CheckName(string name, string path, ArchiveNames allowed = ArchiveNames.OfLayer)
    {
        LayerPath.CheckLength(path);
        if (allowed == ArchiveNames.OfLayer && name.StartsWith(".wh.", StringComparison.Ordinal))
        {
            throw new ImageFormatException($"'{path}' has a name that means a deletion in an image");
        }
    }

    private static TarEntry Entry(FileStat status, TarEntryKind kind, string path) => new(kind, path)
    {
        Mode = status.Mode,
        UserId = status.UserId,
        GroupId = status.GroupId,
        Modified = status.Modified,
    };

    private static TarEntry Entry(DirectoryDescriptor directory, string name, FileStat status, TarEntryKind kind, string path) =>
        Entry(status, kind, path) with
        {
            DeviceMajor = status.NodeMajor,
            DeviceMinor = status.NodeMinor,
            Attributes = FileAttributes.Of(directory, name),
        };

    private void WriteFile(
        DirectoryDescriptor directory, string name, string path, (DirectoryDescriptor Directory, string Name) content)
    {
        using var file = content.Directory.OpenFile(content.Name);
        var status = directory == content.Directory ? file.Status : directory.StatusOf(name)!.Value;
        if (status.Kind != FileKind.Regular)
        {
            throw new ImageFormatException($"'{path}' was replaced while it was read");
        }

        // A file that is mounted here is left empty like any other mount point.
        var size = status.MountId == mount ? file.Status.Size : 0;
        _size += size;
        if (_size > limits.MaximumBytes)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"with '{path}' of {size} bytes the folder has more than the {limits.MaximumBytes} bytes that are allowed"));
        }

        var entry = Entry(directory, name, status, TarEntryKind.File, path) with { Size = size };
        var map = SparseFile.MapOf(file, size);
        writer.Write(entry, map);
        foreach (var (offset, length) in map ?? [(0, size)])
        {
            WriteData(file, path, offset, length);
        }
    }

    private void WriteData(OpenFile file, string path, long offset, long length)
    {
        for (long done = 0; done < length;)
        {
            stop.ThrowIfCancellationRequested();
            var read = file.ReadAt(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, length - done)), offset + done);
            if (read == 0)
            {
                throw new ImageFormatException($"'{path}' became shorter while it was read");
            }

            writer.WriteData(_buffer.AsSpan(0, read));
            done += read;
        }
    }
}
