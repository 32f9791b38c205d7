using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Writes what the topmost of stacked layers changes, as the archive of a layer: what it deletes is said by whiteouts.</summary>
/// <remarks>https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#change-types</remarks>
internal sealed class LayerChangesWriter(
    TreeEntryWriter writer, MergedArchiveWriter merged, Func<string, FileStat, bool> isLeftOut, CancellationToken stop)
{
    private const string Whiteout = ".wh.";
    private const string OpaqueMark = ".wh..wh..opq";

    internal void WriteRoot(MergedDirectory root)
    {
        writer.WriteDirectory(root.Top, ".");
        WriteContent(root, "");
    }

    // The topmost part of the directory is the layer's own.
    private void WriteContent(MergedDirectory directory, string prefix)
    {
        var names = directory.Top.Names();
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
        {
            stop.ThrowIfCancellationRequested();
            var path = prefix + name;
            if (directory.Top.StatusOf(name) is not { } status || isLeftOut(path, status))
            {
                continue;
            }

            TreeEntryWriter.CheckName(name, path);
            if (LayerTree.IsWhiteout(status))
            {
                writer.WriteWhiteout($"{prefix}{Whiteout}{name}");
            }
            else if (status.Kind == FileKind.Directory)
            {
                WriteDirectory(directory, name, path);
            }
            else
            {
                merged.WriteFile(directory, new MergedEntry(directory.Parts[0], name, status), path);
            }
        }
    }

    private void WriteDirectory(MergedDirectory parent, string name, string path)
    {
        using var directory = parent.OpenDirectory(name)!;
        var isMoved = MergedDirectory.RedirectOf(directory.Top) is not null;
        writer.WriteDirectory(directory.Top, path);

        // Overlay marks many a new directory as opaque to spare itself a look below; only where there is something it means anything.
        if ((isMoved || MergedDirectory.IsOpaque(directory.Top)) && IsDirectoryBelow(parent, name))
        {
            writer.WriteWhiteout($"{path}/{OpaqueMark}");
        }

        // What was renamed lies elsewhere in the lower layers, and an archive can't say so: all of it is written.
        if (isMoved)
        {
            merged.WriteContent(directory, path + "/");
        }
        else
        {
            WriteContent(directory, path + "/");
        }
    }

    private static bool IsDirectoryBelow(MergedDirectory parent, string name) =>
        parent.Below(parent.Parts[0].Layer)?.Find(name) is { Status.Kind: FileKind.Directory };
}
