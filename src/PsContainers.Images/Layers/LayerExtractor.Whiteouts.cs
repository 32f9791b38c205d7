using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Deletions: `.wh.name` becomes a character device 0/0, `.wh..wh..opq` the attribute of an opaque directory.</summary>
internal sealed partial class LayerExtractor
{
    // True when the entry is not one of the tree's files.
    private bool TryWhiteout(LayerPath path)
    {
        var components = path.Components;
        if (Array.Exists(components, c => c.StartsWith(WhiteoutMeta, StringComparison.Ordinal) && c != OpaqueMark))
        {
            // Bookkeeping of aufs, such as .wh..wh.plnk.
            return true;
        }

        var first = Array.FindIndex(components, c => c.StartsWith(Whiteout, StringComparison.Ordinal));
        if (first < 0)
        {
            return false;
        }

        if (first < components.Length - 1)
        {
            throw new ImageFormatException("a deletion has nothing below it");
        }

        if (path.Name == OpaqueMark)
        {
            Hide(path.Parent);
        }
        else
        {
            Delete(path.Parent, path.Name[Whiteout.Length..]);
        }

        return true;
    }

    private void Hide(LayerPath path)
    {
        if (path.IsRoot)
        {
            _isRootOpaque = true;
        }
        else
        {
            LayerTree.MarkOpaque(tree.Directory(path));
        }
    }

    private void Delete(LayerPath parent, string name)
    {
        if (name is "" or "." or "..")
        {
            throw new ImageFormatException("a deletion that names no file");
        }

        var directory = tree.Directory(parent);
        if (directory.TryMakeNode(name, FileKind.CharacterDevice))
        {
            return;
        }

        // A whiteout is about lower layers only: what this layer has under the name stays, but what is below a directory goes.
        if (directory.StatusOf(name) is { Kind: FileKind.Directory })
        {
            using var kept = directory.OpenDirectory(name);
            LayerTree.MarkOpaque(kept);
        }
    }

    // Overlay merges the roots of all layers whatever attribute they have, so each name of the others is hidden by itself.
    private void HideRoot()
    {
        if (_isRootOpaque)
        {
            foreach (var name in ancestors.RootNames())
            {
                Delete(LayerPath.Root, name);
            }
        }
    }
}
