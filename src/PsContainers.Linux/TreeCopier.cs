using System.Globalization;
using System.Text;

namespace PsContainers.Linux;

/// <summary>One tree being copied. <see cref="TreeCopy.Copy"/> says what that means.</summary>
/// <remarks>
/// A container can nest directories far deeper than descriptors or stack frames last. So the levels are a list; of the deepest ones the
/// two directories are open, and those above are found again by `..` on the way back, if it still is the directory that was left.
/// In the target, too, nothing is done by a name that could have become a symbolic link: another container may have it mounted already.
/// </remarks>
internal sealed class TreeCopier(DirectoryDescriptor source, DirectoryDescriptor target, CancellationToken stop) : IDisposable
{
    private const int MaximumOpenLevels = 64;

    // Relative to what is open, so many names of at most 255 bytes are a path that openat2(2) takes.
    private const int NamesInPath = 15;

    private readonly ulong _mount = source.Status.MountId;
    private readonly ContentCopy _content = new(stop);
    private readonly List<Level> _levels = [];

    // Where the first name of a file was made that has more to come.
    private readonly Dictionary<FileIdentity, FirstName> _linked = [];

    public void Dispose()
    {
        foreach (var level in _levels)
        {
            level.Close();
        }
    }

    internal void Run()
    {
        Push(new Level(null, "", source, target));
        while (_levels.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            var level = _levels[^1];
            if (NextName(level) is { } name)
            {
                Copy(level, name);
            }
            else
            {
                Leave(level);
            }
        }
    }

    private static string? NextName(Level level)
    {
        try
        {
            return level.Entries!.Next();
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            // Somebody removed the directory, so it is empty.
            return null;
        }
    }

    private static LinuxException Taken(string call, DirectoryDescriptor directory, string name) =>
        new(call, $"{directory.ShownPath}/{name}", Errno.EEXIST);

    private static LinuxException Replaced(DirectoryDescriptor directory, string name) =>
        new("copy", $"{directory.ShownPath}/{name}", Errno.EBUSY, "it was replaced while it was read");

    private static bool IsReplacement(LinuxException e) => e.Errno is Errno.ENOTDIR or Errno.ELOOP or Errno.EINVAL or Errno.ENXIO;

    private static DirectoryDescriptor MakeDirectory(DirectoryDescriptor parent, string name) =>
        parent.TryMakeDirectory(name, 0x1c0) ? parent.OpenDirectory(name) : throw Taken("mkdirat", parent, name);

    private void Push(Level level)
    {
        level.Entries = new DirectoryEntries(level.Source!, 0);
        _levels.Add(level);

        // The first level is the caller's.
        var far = _levels.Count - MaximumOpenLevels;
        if (far > 0)
        {
            _levels[far].Close();
        }
    }

    private void Leave(Level level)
    {
        if (level.Parent is { } parent)
        {
            if (parent.Source is null)
            {
                Reopen(parent, level);
            }

            TreeCopy.CopyAttributes(level.Source!, level.Target!);
        }

        level.Close();
        _levels.RemoveAt(_levels.Count - 1);
    }

    private void Reopen(Level level, Level child)
    {
        level.Source = child.Source!.OpenParent(level.SourceIdentity, PathOf(source, level))
            ?? throw new LinuxException("copy", child.Source.ShownPath, Errno.EBUSY, "it was moved while it was read");
        level.Target = child.Target!.OpenParent(level.TargetIdentity, PathOf(target, level))
            ?? throw new LinuxException("copy", child.Target.ShownPath, Errno.EBUSY, "it was moved while it was written");
        level.Entries = new DirectoryEntries(level.Source, level.Position);
    }

    // Very long ones lose their middle.
    private static string PathOf(DirectoryDescriptor root, Level level)
    {
        var path = new StringBuilder();
        for (var at = level; at.Parent is not null; at = at.Parent)
        {
            if (path.Length > DirectoryDescriptor.MaximumPath)
            {
                path.Insert(0, "/\u2026");
                break;
            }

            path.Insert(0, string.Create(CultureInfo.InvariantCulture, $"/{at.Name}"));
        }

        return root.ShownPath + path;
    }

    private void Copy(Level level, string name)
    {
        if (level.Source!.StatusOf(name) is not { } status || status.Kind == FileKind.Socket)
        {
            return;
        }

        if (status.MountId != _mount)
        {
            MakeMountPoint(level, name, status);
        }
        else if (status.Kind == FileKind.Directory)
        {
            Enter(level, name);
        }
        else if (!TryLink(level, name, status))
        {
            if (status.Kind == FileKind.Regular)
            {
                CopyFile(level, name);
            }
            else
            {
                CopyNode(level, name, status);
            }
        }
    }

    private void Enter(Level level, string name)
    {
        if (Opened(level, name, static (directory, name) => directory.OpenDirectory(name)) is not { } from)
        {
            return;
        }

        var next = new Level(level, name, from, null);
        try
        {
            if (from.Status is var status && status.MountId != _mount)
            {
                MakeMountPoint(level, name, status);
                next.Close();
                return;
            }

            next.SourceIdentity = from.Status.Identity;
            next.Target = MakeDirectory(level.Target!, name);
            next.TargetIdentity = next.Target.Status.Identity;
            Push(next);
        }
        catch
        {
            next.Close();
            throw;
        }
    }

    // What is there cannot be seen below the mount; it is not opened, for that may have an effect.
    private static void MakeMountPoint(Level level, string name, FileStat status)
    {
        if (status.Kind == FileKind.Directory)
        {
            using var directory = MakeDirectory(level.Target!, name);
            directory.SetOwner(status.UserId, status.GroupId);
            directory.SetMode(status.Mode);
            directory.SetModified(status.Modified);
        }
        else
        {
            using var file = level.Target!.TryCreateFile(name) ?? throw Taken("openat", level.Target, name);
            file.SetOwner(status.UserId, status.GroupId);
            file.SetMode(status.Mode);
            file.SetModified(status.Modified);
        }
    }

    private void CopyFile(Level level, string name)
    {
        using var from = Opened(level, name, static (directory, name) => directory.OpenFile(name));
        if (from is null)
        {
            return;
        }

        var status = from.Status;
        if (status.Kind != FileKind.Regular)
        {
            throw Replaced(level.Source!, name);
        }

        if (status.MountId != _mount)
        {
            MakeMountPoint(level, name, status);
            return;
        }

        using var to = level.Target!.TryCreateFile(name) ?? throw Taken("openat", level.Target, name);
        _content.Copy(from, to, status.Size);

        // The owner before the capabilities and the set-uid bit, which a change of it would take away.
        to.SetOwner(status.UserId, status.GroupId);
        AttributeCopy.Copy(from, from.ShownPath, to, to.ShownPath);
        to.SetMode(status.Mode);
        to.SetModified(status.Modified);
        Remember(level, name, status);
    }

    private void CopyNode(Level level, string name, FileStat status)
    {
        var directory = level.Target!;
        if (status.Kind == FileKind.SymbolicLink)
        {
            if (Opened(level, name, static (directory, name) => directory.ReadSymbolicLink(name)) is not { } link)
            {
                return;
            }

            if (!directory.TryMakeSymbolicLink(name, link))
            {
                throw Taken("symlinkat", directory, name);
            }
        }
        else if (!directory.TryMakeNode(name, status.Kind, status.NodeMajor, status.NodeMinor))
        {
            throw Taken("mknodat", directory, name);
        }

        directory.SetOwner(name, status.UserId, status.GroupId);
        try
        {
            AttributeCopy.Copy(level.Source!, directory, name);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            // Gone since, and maybe there again; what it was is made. Had the copy gone, the next call would say so.
        }

        if (status.Kind != FileKind.SymbolicLink)
        {
            directory.SetModeUnfollowed(name, status.Mode);
        }

        directory.SetModified(name, status.Modified);
        Remember(level, name, status);
    }

    private static T? Opened<T>(Level level, string name, Func<DirectoryDescriptor, string, T> open)
        where T : class
    {
        try
        {
            return open(level.Source!, name);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
        catch (LinuxException e) when (IsReplacement(e))
        {
            throw Replaced(level.Source!, name);
        }
    }

    private void Remember(Level level, string name, FileStat status)
    {
        if (status.LinkCount > 1)
        {
            _linked[status.Identity] = new FirstName(level, name, status.LinkCount - 1);
        }
    }

    private bool TryLink(Level level, string name, FileStat status)
    {
        if (status.LinkCount < 2 || !_linked.TryGetValue(status.Identity, out var first))
        {
            return false;
        }

        var directory = first.Level.Target ?? OpenAgain(first.Level);
        try
        {
            if (!level.Target!.TryLink(name, directory, first.Name))
            {
                throw Taken("linkat", level.Target, name);
            }
        }
        catch (LinuxException e) when (e.Errno == Errno.EMLINK)
        {
            // This file system allows fewer names: the next ones are of another copy.
            return false;
        }
        finally
        {
            if (directory != first.Level.Target)
            {
                directory.Dispose();
            }
        }

        // Its last name needs no memory any more.
        if (first.NamesToCome == 1)
        {
            _linked.Remove(status.Identity);
        }
        else
        {
            _linked[status.Identity] = first with { NamesToCome = first.NamesToCome - 1 };
        }

        return true;
    }

    private DirectoryDescriptor OpenAgain(Level level)
    {
        var names = new List<string>();
        for (var at = level; at.Parent is not null; at = at.Parent)
        {
            names.Add(at.Name);
        }

        names.Reverse();
        DirectoryDescriptor? directory = null;
        foreach (var some in names.Chunk(NamesInPath))
        {
            using var above = directory;
            var path = string.Join('/', some);
            directory = (above ?? target).OpenInRoot(path, followsLinks: false)
                ?? throw new LinuxException("openat2", PathOf(target, level), Errno.ENOENT);
        }

        return directory!;
    }

    private readonly record struct FirstName(Level Level, string Name, uint NamesToCome);

    /// <summary>A directory on the way down.</summary>
    private sealed class Level(Level? parent, string name, DirectoryDescriptor source, DirectoryDescriptor? target)
    {
        internal Level? Parent => parent;

        internal string Name => name;

        /// <summary>Null while it is not open, as is the target.</summary>
        internal DirectoryDescriptor? Source { get; set; } = source;

        internal DirectoryDescriptor? Target { get; set; } = target;

        internal FileIdentity SourceIdentity { get; set; }

        internal FileIdentity TargetIdentity { get; set; }

        internal DirectoryEntries? Entries { get; set; }

        /// <summary>How far the names of the source were read.</summary>
        internal long Position { get; private set; }

        internal void Close()
        {
            if (Entries is { } entries)
            {
                Position = entries.Position;
                entries.Dispose();
                Entries = null;
            }

            if (Parent is not null)
            {
                Source?.Dispose();
                Target?.Dispose();
                Source = Target = null;
            }
        }
    }
}
