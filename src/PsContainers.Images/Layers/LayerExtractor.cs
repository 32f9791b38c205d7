using System.Globalization;
using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Turns the entries of one archive into a tree that overlay can use as a layer.</summary>
/// <remarks>
/// https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md, "Whiteouts"; kernel: Documentation/filesystems/overlayfs.rst
/// </remarks>
internal sealed partial class LayerExtractor(
    ArchiveFeed archive, LayerTree tree, LayerAncestors ancestors, LayerLimits limits, ArchiveNames names = ArchiveNames.OfLayer)
{
    private const string Whiteout = ".wh.";
    private const string WhiteoutMeta = ".wh..wh.";
    private const string OpaqueMark = ".wh..wh..opq";
    private const int DirectoryWeight = 4096; // a block of ext4 and xfs

    private readonly TarReader _reader = new(archive);

    // Set when everything below is there: whatever is put into a directory changes its time.
    private readonly Dictionary<string, FileTime> _directoryTimes = new(StringComparer.Ordinal);

    private long _directoryNames;
    private bool _hasRootEntry;
    private bool _isRootOpaque;

    /// <summary>Bytes of the regular files so far.</summary>
    internal long Size { get; private set; }

    internal int Entries { get; private set; }

    internal bool HasEndMark => _reader.HasEndMark;

    internal void Extract(CancellationToken stop)
    {
        while (_reader.Read() is { } entry)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                tree.BeginEntry();
                Count(entry);
                Extract(LayerPath.Parse(entry.Name), entry, stop);

                // One name of 4095 bytes can imply 2000 directories, for which the archive needs no byte more.
                archive.Charge(tree.TakeDirectoryCount() * DirectoryWeight);
            }
            catch (ImageFormatException e)
            {
                throw new ImageFormatException($"entry '{entry.Name}': {e.Message}");
            }
            catch (LinuxException e) when (e.Errno is Errno.EFBIG or Errno.EMLINK)
            {
                throw new ImageFormatException(
                    $"entry '{entry.Name}': this file system cannot hold it: {LinuxException.Describe(e.Errno)}");
            }
        }

        if (!_hasRootEntry)
        {
            ancestors.CopyAttributes(LayerPath.Root, tree.Root);
        }

        HideRoot();
        SetDirectoryTimes(stop);
    }

    private void Count(TarEntry entry)
    {
        Entries++;
        if (Entries > limits.MaximumEntries)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture, $"the layer has more than the {limits.MaximumEntries} entries that are allowed"));
        }

        if (entry.Size > limits.MaximumBytes - Size)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture, $"the layer unpacks to more than the {limits.MaximumBytes} bytes that are allowed"));
        }

        Size += entry.Size;
    }

    private void Extract(LayerPath path, TarEntry entry, CancellationToken stop)
    {
        if (path.IsRoot)
        {
            ExtractRoot(entry);
        }
        else if (names == ArchiveNames.OfLayer && path.Value.Contains(Whiteout, StringComparison.Ordinal) && TryWhiteout(path))
        {
            Size -= entry.Size;
        }
        else
        {
            Place(path, entry, stop);
        }
    }

    private void ExtractRoot(TarEntry entry)
    {
        if (entry.Kind != TarEntryKind.Directory)
        {
            throw new ImageFormatException("the root of a layer is a directory");
        }

        SetAttributes(tree.Root, entry);
        Remember(LayerPath.Root, entry.Modified);
        _hasRootEntry = true;
    }

    private void Place(LayerPath path, TarEntry entry, CancellationToken stop)
    {
        var directory = tree.Directory(path.Parent);
        tree.CheckLength(path, directory);
        switch (entry.Kind)
        {
            case TarEntryKind.File:
                PlaceFile(directory, path.Name, entry, stop);
                break;
            case TarEntryKind.Directory:
                PlaceDirectory(directory, path, entry);
                break;
            case TarEntryKind.HardLink:
                PlaceHardLink(directory, path.Name, entry);
                break;
            case TarEntryKind.SymbolicLink:
                PlaceSymbolicLink(directory, path.Name, entry);
                break;
            default:
                PlaceNode(directory, path.Name, entry);
                break;
        }
    }

    private void PlaceFile(DirectoryDescriptor directory, string name, TarEntry entry, CancellationToken stop)
    {
        OpenFile? made;
        while ((made = directory.TryCreateFile(name)) is null)
        {
            MakeRoom(directory, name);
        }

        using (made)
        {
            long end = 0;
            for (var data = _reader.ReadData(out var offset); !data.IsEmpty; data = _reader.ReadData(out offset))
            {
                stop.ThrowIfCancellationRequested();
                made.WriteAt(data, offset);
                end = offset + data.Length;
            }

            if (end < entry.Size)
            {
                made.SetLength(entry.Size);
            }

            // In this order: chown(2) clears setuid and security.capability.
            made.SetOwner(entry.UserId, entry.GroupId);
            made.SetMode(entry.Mode);
            foreach (var (attribute, value) in entry.Attributes)
            {
                Attribute(attribute, () => made.SetAttribute(attribute, value));
            }

            made.SetModified(entry.Modified);
        }
    }

    private void PlaceDirectory(DirectoryDescriptor parent, LayerPath path, TarEntry entry)
    {
        var isOpaque = false;
        while (!parent.TryMakeDirectory(path.Name, 0x1c0))
        {
            if (parent.StatusOf(path.Name) is { Kind: FileKind.Directory })
            {
                break;
            }

            // What this layer deletes and makes anew shows nothing of what was there.
            isOpaque |= MakeRoom(parent, path.Name);
        }

        using var directory = parent.OpenDirectory(path.Name);
        SetAttributes(directory, entry);
        if (isOpaque)
        {
            LayerTree.MarkOpaque(directory);
        }

        Remember(path, entry.Modified);
    }

    private void PlaceSymbolicLink(DirectoryDescriptor directory, string name, TarEntry entry)
    {
        if (entry.LinkTarget.Length == 0)
        {
            throw new ImageFormatException("a symbolic link to nothing");
        }

        if (FileName.Encode(entry.LinkTarget).Length > 4095)
        {
            throw new ImageFormatException("the target of the symbolic link is longer than 4095 bytes");
        }

        while (!directory.TryMakeSymbolicLink(name, entry.LinkTarget))
        {
            MakeRoom(directory, name);
        }

        SetAttributesOf(directory, name, entry);
    }

    private void PlaceHardLink(DirectoryDescriptor directory, string name, TarEntry entry)
    {
        var target = HardLinkTarget(entry.LinkTarget);
        var targetDirectory = tree.TryDirectory(target.Parent);
        var status = targetDirectory?.StatusOf(target.Name);
        if (targetDirectory is null || status is not { } found || LayerTree.IsWhiteout(found))
        {
            throw new ImageFormatException($"a hard link to '{entry.LinkTarget}', which is not in this layer");
        }

        if (found.Kind == FileKind.Directory)
        {
            throw new ImageFormatException($"a hard link to '{entry.LinkTarget}', which is a directory");
        }

        while (!directory.TryLink(name, targetDirectory, target.Name))
        {
            if (directory.StatusOf(name) is { } present && present.Identity == found.Identity)
            {
                return;
            }

            MakeRoom(directory, name);
            if (targetDirectory.StatusOf(target.Name) is null)
            {
                throw new ImageFormatException($"a hard link that takes the place of its target '{entry.LinkTarget}'");
            }
        }
    }

    private static LayerPath HardLinkTarget(string target)
    {
        if (target.StartsWith('/'))
        {
            throw new ImageFormatException($"a hard link to the absolute path '{target}'");
        }

        try
        {
            var path = LayerPath.Parse(target);
            return path.IsRoot ? throw new ImageFormatException("the name is the root") : path;
        }
        catch (ImageFormatException e)
        {
            throw new ImageFormatException($"a hard link to '{target}': {e.Message}");
        }
    }

    private void PlaceNode(DirectoryDescriptor directory, string name, TarEntry entry)
    {
        var kind = entry.Kind switch
        {
            TarEntryKind.CharacterDevice => FileKind.CharacterDevice,
            TarEntryKind.BlockDevice => FileKind.BlockDevice,
            _ => FileKind.Fifo,
        };
        if (kind != FileKind.Fifo && !limits.AllowDevices)
        {
            throw new ImageFormatException("a device node, which is not allowed here");
        }

        // Overlay would take it for a deletion that the archive's reader cannot see.
        if (entry is { Kind: TarEntryKind.CharacterDevice, DeviceMajor: 0, DeviceMinor: 0 })
        {
            throw new ImageFormatException("a character device 0/0, which poses as a deleted file");
        }

        // MINORBITS is 20, so major numbers have 12.
        if (entry.DeviceMajor > 0xfff || entry.DeviceMinor > 0xfffff)
        {
            throw new ImageFormatException("a device number that Linux does not have");
        }

        while (!directory.TryMakeNode(name, kind, entry.DeviceMajor, entry.DeviceMinor))
        {
            MakeRoom(directory, name);
        }

        SetAttributesOf(directory, name, entry);
    }

    /// <summary>The later entry of a name wins; true when it takes the place of a deletion.</summary>
    private bool MakeRoom(DirectoryDescriptor directory, string name)
    {
        if (directory.StatusOf(name) is not { } status)
        {
            return false;
        }

        tree.Clear(directory, name, status);
        return LayerTree.IsWhiteout(status);
    }
}
