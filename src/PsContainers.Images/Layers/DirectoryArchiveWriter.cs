using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>One archive being written from a folder.</summary>
internal sealed class DirectoryArchiveWriter(
    TarWriter writer, ulong mount, LayerLimits limits, IReadOnlySet<FileIdentity> leftOut, CancellationToken stop)
{
    private const int MaximumPath = 4095;

    private readonly Dictionary<FileIdentity, string> _linked = [];
    private readonly byte[] _buffer = new byte[256 * 1024];

    private long _size;

    internal void WriteRoot(DirectoryDescriptor root)
    {
        writer.Write(Entry(root, ".", root.Status, TarEntryKind.Directory, "."));
        WriteContent(root, "");
        writer.Finish();
    }

    private static TarEntry Entry(DirectoryDescriptor directory, string name, FileStat status, TarEntryKind kind, string path) =>
        new(kind, path)
        {
            Mode = status.Mode,
            UserId = status.UserId,
            GroupId = status.GroupId,
            Modified = status.Modified,
            DeviceMajor = status.NodeMajor,
            DeviceMinor = status.NodeMinor,
            Attributes = Attributes(directory, name),
        };

    // Labels and the marks of an overlay are the host's, not the image's.
    private static SortedDictionary<string, byte[]> Attributes(DirectoryDescriptor directory, string name)
    {
        var names = directory.AttributeNames(name);
        if (names.Count == 0)
        {
            return TarEntry.NoAttributes;
        }

        var attributes = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var attribute in names)
        {
            if (attribute != "security.selinux" && !attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal)
                && directory.ReadAttribute(name, attribute) is { } value)
            {
                attributes.Add(attribute, value);
            }
        }

        return attributes;
    }

    private void WriteContent(DirectoryDescriptor directory, string prefix)
    {
        var names = directory.Names();
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
        {
            stop.ThrowIfCancellationRequested();
            var path = prefix + name;
            if (FileName.Encode(path).Length > MaximumPath)
            {
                throw new ImageFormatException(string.Create(
                    CultureInfo.InvariantCulture, $"'{path[..64]}…' is longer than the {MaximumPath} bytes that an image can hold"));
            }

            if (name.StartsWith(".wh.", StringComparison.Ordinal))
            {
                throw new ImageFormatException($"'{path}' has a name that means a deletion in an image");
            }

            try
            {
                Write(directory, name, path);
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                // Gone since the directory was read: as if before. Nothing is written of it yet, or all of an empty directory.
                Forget(path);
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP or Errno.EINVAL)
            {
                throw new ImageFormatException($"'{path}' was replaced while it was read");
            }
        }
    }

    private void Forget(string path)
    {
        foreach (var (identity, _) in _linked.Where(linked => linked.Value == path).ToList())
        {
            _linked.Remove(identity);
        }
    }

    private void Write(DirectoryDescriptor directory, string name, string path)
    {
        if (directory.StatusOf(name) is not { } status || status.Kind == FileKind.Socket)
        {
            return;
        }

        if (status.Kind != FileKind.Directory && status.LinkCount > 1 && !_linked.TryAdd(status.Identity, path))
        {
            writer.Write(new TarEntry(TarEntryKind.HardLink, path)
            {
                LinkTarget = _linked[status.Identity],
                Mode = status.Mode,
                UserId = status.UserId,
                GroupId = status.GroupId,
                Modified = status.Modified,
            });
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Directory:
                WriteDirectory(directory, name, path);
                break;
            case FileKind.Regular:
                WriteFile(directory, name, path);
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

    private void WriteDirectory(DirectoryDescriptor parent, string name, string path)
    {
        using var directory = parent.OpenDirectory(name);
        var status = directory.Status;
        writer.Write(Entry(directory, ".", status, TarEntryKind.Directory, path));
        if (status.MountId == mount && !leftOut.Contains(status.Identity))
        {
            WriteContent(directory, path + "/");
        }
    }

    private void WriteFile(DirectoryDescriptor directory, string name, string path)
    {
        using var file = directory.OpenFile(name);
        var status = file.Status;
        if (status.Kind != FileKind.Regular)
        {
            throw new ImageFormatException($"'{path}' was replaced while it was read");
        }

        // A file that is mounted here is left empty like any other mount point.
        var size = status.MountId == mount ? status.Size : 0;
        _size += size;
        if (_size > limits.MaximumBytes)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"with '{path}' of {size} bytes the folder has more than the {limits.MaximumBytes} bytes that are allowed"));
        }

        writer.Write(Entry(directory, name, status, TarEntryKind.File, path) with { Size = size });
        for (long done = 0; done < size;)
        {
            stop.ThrowIfCancellationRequested();
            var read = file.ReadAt(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, size - done)), done);
            if (read == 0)
            {
                throw new ImageFormatException($"'{path}' became shorter while it was read");
            }

            writer.WriteData(_buffer.AsSpan(0, read));
            done += read;
        }
    }
}
