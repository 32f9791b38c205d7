using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>Compares two trees to the last byte, also in what overlay keeps in them; the times of directories do not count.</summary>
internal sealed class TreeDifference(int most, CancellationToken stop)
{
    private readonly List<string> _paths = [];
    private readonly byte[] _one = new byte[64 * 1024];
    private readonly byte[] _other = new byte[64 * 1024];

    /// <summary>Paths in which the trees differ, no more than so many.</summary>
    internal static IReadOnlyList<string> Find(string one, string other, int most, CancellationToken stop)
    {
        using var first = DirectoryDescriptor.Open(one);
        using var second = DirectoryDescriptor.Open(other);
        var difference = new TreeDifference(most, stop);
        if (!HaveSameStatus(first.Status, second.Status) || !HaveSameAttributes(first, second, "."))
        {
            difference._paths.Add("/");
        }

        difference.Compare(first, second, "");
        return difference._paths;
    }

    private void Compare(DirectoryDescriptor one, DirectoryDescriptor other, string prefix)
    {
        var names = new SortedSet<string>(one.Names(), StringComparer.Ordinal);
        names.UnionWith(other.Names());
        foreach (var name in names)
        {
            stop.ThrowIfCancellationRequested();
            if (_paths.Count == most)
            {
                return;
            }

            LayerPath.CheckLength(prefix + name);
            var status = one.StatusOf(name);
            if (status is not { } first || other.StatusOf(name) is not { } second || !HaveSameStatus(first, second)
                || !HaveSameAttributes(one, other, name) || !HaveSameContent(one, other, name, first.Kind))
            {
                _paths.Add($"/{prefix}{name}");
            }
            else if (first.Kind == FileKind.Directory)
            {
                using var below = one.OpenDirectory(name);
                using var otherBelow = other.OpenDirectory(name);
                Compare(below, otherBelow, $"{prefix}{name}/");
            }
        }
    }

    private static bool HaveSameStatus(FileStat one, FileStat other) =>
        (one.Kind, one.Mode, one.UserId, one.GroupId, one.NodeMajor, one.NodeMinor)
            == (other.Kind, other.Mode, other.UserId, other.GroupId, other.NodeMajor, other.NodeMinor)
        && (one.Kind == FileKind.Directory || LayerTree.IsWhiteout(one)
            || (one.Size, one.Modified, one.LinkCount) == (other.Size, other.Modified, other.LinkCount));

    // Labels are the host's.
    private static bool HaveSameAttributes(DirectoryDescriptor one, DirectoryDescriptor other, string name)
    {
        var names = one.AttributeNames(name).Where(attribute => attribute != "security.selinux").ToHashSet(StringComparer.Ordinal);
        return names.SetEquals(other.AttributeNames(name).Where(attribute => attribute != "security.selinux")) && names.All(attribute =>
            one.ReadAttribute(name, attribute).AsSpan().SequenceEqual(other.ReadAttribute(name, attribute)));
    }

    private bool HaveSameContent(DirectoryDescriptor one, DirectoryDescriptor other, string name, FileKind kind)
    {
        if (kind == FileKind.SymbolicLink)
        {
            return one.ReadSymbolicLink(name) == other.ReadSymbolicLink(name);
        }

        if (kind != FileKind.Regular)
        {
            return true;
        }

        using var first = one.OpenFile(name);
        using var second = other.OpenFile(name);
        for (long at = 0; ; at += _one.Length)
        {
            stop.ThrowIfCancellationRequested();

            // A file may have terabytes of holes, and be the same without anybody reading them.
            at = Math.Min(first.NextData(at), second.NextData(at));
            if (at == long.MaxValue)
            {
                return true;
            }

            var read = Fill(first, _one, at);
            if (!_one.AsSpan(0, read).SequenceEqual(_other.AsSpan(0, Fill(second, _other, at))))
            {
                return false;
            }

            if (read < _one.Length)
            {
                return true;
            }
        }
    }

    private static int Fill(OpenFile file, byte[] buffer, long at)
    {
        var filled = 0;
        for (int read; filled < buffer.Length && (read = file.ReadAt(buffer.AsSpan(filled), at + filled)) > 0;)
        {
            filled += read;
        }

        return filled;
    }
}
