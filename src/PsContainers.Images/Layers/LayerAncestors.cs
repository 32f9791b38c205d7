using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>The layers below the one being unpacked, the nearest first.</summary>
/// <remarks>
/// Overlay shows the attributes of the topmost directory of a name. One that an archive only implies must therefore look like the
/// one below, or `/tmp` would lose its sticky bit to the first layer that puts a file into it.
/// </remarks>
/// <param name="directories">Asked when one is needed for the first time, which may be never; may wait for a layer below.</param>
internal sealed class LayerAncestors(Func<IReadOnlyList<string>> directories) : IDisposable
{
    private const int DefaultMode = 0x1ed;

    private DirectoryDescriptor[]? _roots;

    private DirectoryDescriptor[] Roots => _roots ??= [.. directories().Select(DirectoryDescriptor.Open)];

    /// <summary>Gives a directory owner and mode of the one it will cover, or 0755 of root when it covers none.</summary>
    internal void CopyAttributes(LayerPath path, DirectoryDescriptor made)
    {
        if (Find(path) is not { } below)
        {
            made.SetMode(DefaultMode);
            return;
        }

        made.SetOwner(below.UserId, below.GroupId);
        made.SetMode(below.Mode);
    }

    /// <summary>The names that all of the layers show together in their root.</summary>
    internal IReadOnlyCollection<string> RootNames()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Roots.Reverse().SelectMany(root => root.Names().Select(name => (root, name))))
        {
            if (LayerTree.IsWhiteout(name.root.StatusOf(name.name)!.Value))
            {
                names.Remove(name.name);
            }
            else
            {
                names.Add(name.name);
            }
        }

        return names;
    }

    public void Dispose()
    {
        foreach (var root in _roots ?? [])
        {
            root.Dispose();
        }
    }

    private FileStat? Find(LayerPath path)
    {
        foreach (var root in Roots)
        {
            try
            {
                using var directory = root.OpenInRoot(path.IsRoot ? "." : path.Value);
                if (directory is not null)
                {
                    return directory.Status;
                }
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG)
            {
                // A file, whiteout or link to nowhere: whatever lies further below is not visible.
                return null;
            }
        }

        return null;
    }
}
