using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Tells how one stack of layers differs from another. What both lie on is not looked at.</summary>
/// <remarks>
/// As Docker and Podman see it: a file is modified when its size, time, mode, owner or attributes are others; a directory when its mode,
/// owner or attributes are, or anything below. Of what was deleted or came as a whole directory, the deleted part is its top alone.
/// </remarks>
public static class LayerComparison
{
    /// <param name="before">Folders of layers, the topmost first; may be none.</param>
    /// <param name="after">The same.</param>
    /// <param name="isLeftOut">Told the path and what is there now, says that it does not count.</param>
    public static IReadOnlyList<LayerChange> Compare(
        IReadOnlyList<string> before, IReadOnlyList<string> after, Func<string, FileStat, bool> isLeftOut, CancellationToken stop)
    {
        using var old = before.Count > 0 ? MergedDirectory.Open(before) : null;
        using var current = after.Count > 0 ? MergedDirectory.Open(after) : null;
        var changes = new List<LayerChange>();
        new Walk(changes, isLeftOut, stop).Compare(old, current, "");
        return changes;
    }

    /// <summary>Which of some paths stacked layers show.</summary>
    public static IReadOnlySet<string> PathsThere(IReadOnlyList<string> layers, IEnumerable<string> paths)
    {
        using var root = MergedDirectory.Open(layers);
        return paths.Where(path => root.IsThere(path)).ToHashSet(StringComparer.Ordinal);
    }

    private sealed class Walk(List<LayerChange> changes, Func<string, FileStat, bool> isLeftOut, CancellationToken stop)
    {
        internal void Compare(MergedDirectory? before, MergedDirectory? after, string prefix)
        {
            foreach (var name in Candidates(before, after))
            {
                stop.ThrowIfCancellationRequested();
                var (old, current) = (before?.Find(name), after?.Find(name));
                var path = prefix + name;
                LayerPath.CheckLength(path);
                if (current is { } now && isLeftOut(path, now.Status))
                {
                    continue;
                }

                switch (old, current)
                {
                    case (null, null):
                        break;
                    case ({ } gone, null):
                        changes.Add(new LayerChange(path, LayerChangeKind.Deleted, gone.Status));
                        break;
                    case (null, { } made):
                        changes.Add(new LayerChange(path, LayerChangeKind.Added, made.Status));
                        CompareBelow(null, made, after!, path);
                        break;
                    case ({ } was, { } isNow):
                        CompareBoth(before!, was, after!, isNow, path);
                        break;
                }
            }
        }

        private void CompareBoth(MergedDirectory before, MergedEntry old, MergedDirectory after, MergedEntry current, string path)
        {
            var isDirectory = current.Status.Kind == FileKind.Directory;
            if (!isDirectory && old.Status.Identity == current.Status.Identity)
            {
                return;
            }

            // The directory comes before what is below it, and is known to have changed only behind that.
            var at = changes.Count;
            if (isDirectory)
            {
                CompareBelow(old.Status.Kind == FileKind.Directory ? before : null, current, after, path);
            }

            if (changes.Count > at || IsOther(old, current))
            {
                changes.Insert(at, new LayerChange(path, LayerChangeKind.Modified, current.Status));
            }
        }

        private void CompareBelow(MergedDirectory? before, MergedEntry current, MergedDirectory after, string path)
        {
            if (current.Status.Kind == FileKind.Directory)
            {
                using var old = before?.OpenDirectory(current.Name);
                using var now = after.OpenDirectory(current.Name);
                Compare(old, now, path + "/");
            }
        }

        // What comes from parts that both have is the same in both.
        private static SortedSet<string> Candidates(MergedDirectory? before, MergedDirectory? after)
        {
            var old = (before?.Parts ?? []).ToList();
            var current = (after?.Parts ?? []).ToList();
            while (old.Count > 0 && current.Count > 0 && IdentityOf(old[^1]) == IdentityOf(current[^1]))
            {
                old.RemoveAt(old.Count - 1);
                current.RemoveAt(current.Count - 1);
            }

            return new SortedSet<string>(old.Concat(current).SelectMany(part => part.Directory.Names()), StringComparer.Ordinal);
        }

        private static FileIdentity IdentityOf(MergedPart part) => part.Directory.Status.Identity;

        private static bool IsOther(MergedEntry old, MergedEntry current)
        {
            var (was, now) = (old.Status, current.Status);
            if ((was.Kind, was.Mode, was.UserId, was.GroupId, was.NodeMajor, was.NodeMinor)
                != (now.Kind, now.Mode, now.UserId, now.GroupId, now.NodeMajor, now.NodeMinor))
            {
                return true;
            }

            return (now.Kind != FileKind.Directory && (was.Size, was.Modified) != (now.Size, now.Modified))
                || (now.Kind == FileKind.SymbolicLink && LinkOf(old) != LinkOf(current))
                || !HaveSameAttributes(old, current);
        }

        private static string LinkOf(MergedEntry entry) => entry.Part.Directory.ReadSymbolicLink(entry.Name);

        private static bool HaveSameAttributes(MergedEntry old, MergedEntry current)
        {
            var was = FileAttributes.Of(old.Part.Directory, old.Name);
            var now = FileAttributes.Of(current.Part.Directory, current.Name);
            return was.Count == now.Count && was.All(pair => now.GetValueOrDefault(pair.Key)?.AsSpan().SequenceEqual(pair.Value) == true);
        }
    }
}
