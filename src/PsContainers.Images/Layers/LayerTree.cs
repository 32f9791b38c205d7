using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>A layer's tree while it is being unpacked: finds the directory that a name belongs in and makes room for the name.</summary>
/// <remarks>
/// The tree's own symbolic links are a stranger's. The kernel resolves them with this tree as root (openat2), and everything is
/// then done by descriptor and last name, so that no link leads out (CVE-2024-21626's family, CVE-2019-14271).
/// </remarks>
internal sealed class LayerTree(DirectoryDescriptor root, LayerAncestors ancestors) : IDisposable
{
    internal const string Opaque = "trusted.overlay.opaque";

    private const int MaximumOpen = 64;

    private readonly Dictionary<string, DirectoryDescriptor> _open = new(StringComparer.Ordinal);

    // How many bytes more the name of the place has than the directory's, where links on the way make that so.
    private readonly Dictionary<DirectoryDescriptor, int> _detours = [];

    // No longer found by name, but the entry at work may still hold one of them.
    private readonly List<DirectoryDescriptor> _retired = [];

    private int _made;

    internal DirectoryDescriptor Root => root;

    /// <summary>A deleted name, as overlay marks it: a character device 0/0.</summary>
    internal static bool IsWhiteout(FileStat status) =>
        status is { Kind: FileKind.CharacterDevice, NodeMajor: 0, NodeMinor: 0 };

    internal static void MarkOpaque(DirectoryDescriptor directory) => directory.SetAttribute(Opaque, "y"u8);

    /// <summary>How many directories were made by implication since this was last asked.</summary>
    internal int TakeDirectoryCount()
    {
        var count = _made;
        _made = 0;
        return count;
    }

    /// <summary>Closes what former entries needed.</summary>
    internal void BeginEntry()
    {
        foreach (var directory in _retired)
        {
            _detours.Remove(directory);
            directory.Dispose();
        }

        _retired.Clear();
    }

    /// <summary>The directory, made with its parents when it is missing; valid until the next entry.</summary>
    internal DirectoryDescriptor Directory(LayerPath path)
    {
        if (path.IsRoot)
        {
            return root;
        }

        return _open.TryGetValue(path.Value, out var known) ? known : TryOpen(path) is { } found ? Keep(path, found) : Make(path);
    }

    /// <summary>The directory if it is there; null when it or a parent is missing or something else.</summary>
    internal DirectoryDescriptor? TryDirectory(LayerPath path)
    {
        if (path.IsRoot || _open.ContainsKey(path.Value))
        {
            return Directory(path);
        }

        return TryOpen(path) is { } found ? Keep(path, found) : null;
    }

    /// <summary>Refuses a name that links on its way make longer than any name may be: nothing could reach or archive it.</summary>
    /// <param name="parent">The directory of the name.</param>
    internal void CheckLength(LayerPath path, DirectoryDescriptor parent)
    {
        if (_detours.TryGetValue(parent, out var detour) && detour + FileName.Encode(path.Value).Length > LayerPath.MaximumPath)
        {
            throw TooDeep(path);
        }
    }

    /// <summary>Removes what has the name, so that something else can.</summary>
    internal void Clear(DirectoryDescriptor directory, string name, FileStat status)
    {
        if (status.Kind == FileKind.Directory)
        {
            FileTree.Remove(directory, name);
        }
        else
        {
            directory.TryRemoveFile(name);
        }

        // A directory or link that is gone may be part of any path that was resolved.
        if (status.Kind is FileKind.Directory or FileKind.SymbolicLink)
        {
            Forget();
        }
    }

    public void Dispose()
    {
        Forget();
        BeginEntry();
    }

    private DirectoryDescriptor Keep(LayerPath path, DirectoryDescriptor directory)
    {
        if (_open.Count == MaximumOpen)
        {
            Forget();
        }

        _open.Add(path.Value, directory);
        return directory;
    }

    private void Forget()
    {
        _retired.AddRange(_open.Values);
        _open.Clear();
    }

    private DirectoryDescriptor? TryOpen(LayerPath path)
    {
        try
        {
            return root.OpenInRoot(path.Value, followsLinks: false);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTDIR)
        {
            return null;
        }
        catch (LinuxException e) when (e.Errno == Errno.ELOOP)
        {
            return TryOpenByLinks(path);
        }
    }

    private DirectoryDescriptor? TryOpenByLinks(LayerPath path)
    {
        DirectoryDescriptor? found = null;
        try
        {
            found = root.OpenInRoot(path.Value);
            if (found is not null)
            {
                var length = FileName.Encode(found.ReadRealPath()).Length - FileName.Encode(root.ReadRealPath()).Length - 1;
                _detours.Add(found, length - FileName.Encode(path.Value).Length);
            }

            return found;
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTDIR)
        {
            return null;
        }
        catch (LinuxException e) when (e.Errno == Errno.ELOOP)
        {
            throw new ImageFormatException($"its directory '{path.Value}' is reached through links that go round in circles");
        }
        catch (LinuxException e) when (e.Errno == Errno.ENAMETOOLONG)
        {
            found?.Dispose();
            throw TooDeep(path);
        }
    }

    private static ImageFormatException TooDeep(LayerPath path) =>
        new($"links on the way to '{path.Value}' lead to a name that is too long");

    // An archive need not name the directories above its files.
    private DirectoryDescriptor Make(LayerPath path)
    {
        var parent = Directory(path.Parent);
        CheckLength(path, parent);
        var status = parent.StatusOf(path.Name);
        if (status is { } something && !IsWhiteout(something))
        {
            throw new ImageFormatException(something.Kind == FileKind.SymbolicLink
                ? $"its directory '{path.Value}' is a symbolic link to nothing in this layer"
                : $"its directory '{path.Value}' is not a directory");
        }

        if (status is not null)
        {
            parent.TryRemoveFile(path.Name);
        }

        parent.TryMakeDirectory(path.Name, 0x1c0);
        _made++;
        var made = parent.OpenDirectory(path.Name);
        if (status is null)
        {
            ancestors.CopyAttributes(path, made);
        }
        else
        {
            made.SetMode(0x1ed);
            MarkOpaque(made);
        }

        Keep(path, made);
        if (_detours.TryGetValue(parent, out var detour))
        {
            _detours.Add(made, detour);
        }

        return made;
    }
}
