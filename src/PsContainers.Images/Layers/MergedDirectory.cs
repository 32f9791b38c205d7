using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>A directory of stacked layers as overlay shows it, read without a mount.</summary>
/// <remarks>
/// kernel: Documentation/filesystems/overlayfs.rst, "Merging directories", "whiteouts and opaque directories", "redirect_dir",
/// "Metadata only copy up".
/// </remarks>
public sealed class MergedDirectory : IDisposable
{
    private const string Opaque = "trusted.overlay.opaque";
    private const string Redirect = "trusted.overlay.redirect";
    private const string MetadataOnly = "trusted.overlay.metacopy";

    private readonly MergedDirectory? _root;
    private readonly IReadOnlyList<MergedPart> _parts;
    private readonly bool _ownsParts;

    private MergedDirectory(MergedDirectory? root, IReadOnlyList<MergedPart> parts, bool ownsParts) =>
        (_root, _parts, _ownsParts) = (root, parts, ownsParts);

    /// <summary>The directories that make it up, the topmost first; never none.</summary>
    internal IReadOnlyList<MergedPart> Parts => _parts;

    /// <summary>The topmost one, whose owner, mode, time and attributes the whole has.</summary>
    internal DirectoryDescriptor Top => _parts[0].Directory;

    private MergedDirectory Root => _root ?? this;

    /// <summary>The root of stacked layers.</summary>
    /// <param name="layers">Their folders, the topmost first, at least one.</param>
    public static MergedDirectory Open(IReadOnlyList<string> layers)
    {
        var parts = new List<MergedPart>();
        try
        {
            foreach (var layer in layers)
            {
                parts.Add(new MergedPart(parts.Count, DirectoryDescriptor.Open(layer)));
            }

            return new MergedDirectory(null, [.. parts], ownsParts: true);
        }
        catch
        {
            Close(parts);
            throw;
        }
    }

    /// <summary>What of it comes from layers below one; null when nothing does. Of use as long as this one is.</summary>
    internal MergedDirectory? Below(int layer)
    {
        var parts = _parts.Where(part => part.Layer > layer).ToList();
        return parts.Count == 0 ? null : new MergedDirectory(Root, parts, ownsParts: false);
    }

    /// <summary>The names that are there, in ordinal order.</summary>
    internal List<string> Names()
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var part in _parts.Reverse())
        {
            foreach (var name in part.Directory.Names())
            {
                if (_parts.Count > 1 && part.Directory.StatusOf(name) is { } status && LayerTree.IsWhiteout(status))
                {
                    names.Remove(name);
                }
                else
                {
                    names.Add(name);
                }
            }
        }

        return [.. names];
    }

    /// <summary>What has a name; null when nothing has it, or a layer hides it.</summary>
    internal MergedEntry? Find(string name)
    {
        foreach (var part in _parts)
        {
            if (part.Directory.StatusOf(name) is { } status)
            {
                return LayerTree.IsWhiteout(status) ? null : new MergedEntry(part, name, status);
            }
        }

        return null;
    }

    /// <summary>Whether a path leads to anything; symbolic links on the way are not followed.</summary>
    internal bool IsThere(string path)
    {
        var slash = path.LastIndexOf('/');
        using var parent = OpenPath(path[..Math.Max(0, slash)]);
        return parent?.Find(path[(slash + 1)..]) is not null;
    }

    /// <summary>The directory of a name, with what lies below it in lower layers; null when the name is none.</summary>
    internal MergedDirectory? OpenDirectory(string name)
    {
        var parts = new List<MergedPart>();
        try
        {
            foreach (var part in _parts)
            {
                if (!Collect(part, name, parts))
                {
                    break;
                }
            }
        }
        catch
        {
            Close(parts);
            throw;
        }

        return parts.Count == 0 ? null : new MergedDirectory(Root, parts, ownsParts: true);
    }

    /// <summary>The file whose content a file has: its own, unless only its attributes were copied to the layer.</summary>
    /// <remarks>The directory that was opened for it, if any, is the caller's to close.</remarks>
    internal (DirectoryDescriptor Directory, string Name, MergedDirectory? Opened) Content(MergedEntry entry)
    {
        var (directory, name) = (entry.Part.Directory, entry.Name);
        if (directory.ReadAttribute(name, MetadataOnly) is null)
        {
            return (directory, name, null);
        }

        var redirect = directory.ReadAttribute(name, Redirect);
        var path = redirect is null ? name : FileName.Decode(redirect);
        var slash = path.LastIndexOf('/');
        var start = slash < 0 ? Below(entry.Part.Layer) : Root.Below(entry.Part.Layer);
        var parent = slash < 0 ? start : start?.OpenPath(path[..slash]);
        if (parent?.Find(path[(slash + 1)..]) is not { Status.Kind: FileKind.Regular } lower)
        {
            parent?.Dispose();
            throw new ImageFormatException($"the content of '{name}' is in none of the lower layers");
        }

        var found = parent.Content(lower);
        return (found.Directory, found.Name, found.Opened ?? parent);
    }

    public void Dispose()
    {
        if (_ownsParts)
        {
            Close(_parts);
        }
    }

    internal static bool IsOpaque(DirectoryDescriptor directory) => directory.ReadAttribute(".", Opaque) is [(byte)'y'];

    /// <summary>Where a directory was before it was renamed, if it was; else null.</summary>
    internal static string? RedirectOf(DirectoryDescriptor directory) =>
        directory.ReadAttribute(".", Redirect) is { } value ? FileName.Decode(value) : null;

    // False when what lies below is hidden.
    private bool Collect(MergedPart part, string name, List<MergedPart> parts)
    {
        if (part.Directory.StatusOf(name) is not { } status)
        {
            return true;
        }

        if (status.Kind != FileKind.Directory)
        {
            return false;
        }

        var directory = part.Directory.OpenDirectory(name);
        parts.Add(part with { Directory = directory });
        if (IsOpaque(directory))
        {
            return false;
        }

        if (RedirectOf(directory) is not { } redirect)
        {
            return true;
        }

        // Absolute from the root of the lower layers, or a name beside.
        var start = redirect.StartsWith('/') ? Root.Below(part.Layer) : Below(part.Layer);
        if (start?.OpenPath(redirect) is { } renamed)
        {
            parts.AddRange(renamed._parts);
        }

        return false;
    }

    private MergedDirectory? OpenPath(string path)
    {
        MergedDirectory? current = null;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = (current ?? this).OpenDirectory(name);
            current?.Dispose();
            if (next is null)
            {
                return null;
            }

            current = next;
        }

        return current ?? new MergedDirectory(_root, _parts, ownsParts: false);
    }

    private static void Close(IEnumerable<MergedPart> parts)
    {
        foreach (var part in parts)
        {
            part.Directory.Dispose();
        }
    }
}

/// <summary>A layer's part of a merged directory.</summary>
/// <param name="Layer">0 is the topmost.</param>
internal readonly record struct MergedPart(int Layer, DirectoryDescriptor Directory);

/// <summary>A name in a merged directory, by the layer that shows it.</summary>
internal readonly record struct MergedEntry(MergedPart Part, string Name, FileStat Status);
