namespace PsContainers.Linux;

/// <summary>Whole trees, which may come from a stranger: links are not followed and no depth is too deep.</summary>
public static class FileTree
{
    // Each level holds a descriptor and a stack frame. A container can nest directories far deeper than either lasts.
    private const int MaximumDepth = 64;

    /// <summary>Removes what is at the path with everything below; nothing there is fine. The path to it may lead over links.</summary>
    public static void Remove(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        DirectoryDescriptor parent;
        try
        {
            parent = DirectoryDescriptor.OpenFollowing(Path.GetDirectoryName(full)!);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT)
        {
            return;
        }

        using (parent)
        {
            var name = Path.GetFileName(full);
            if (parent.StatusOf(name) is not null)
            {
                Remove(parent, name);
            }
        }
    }

    /// <summary>Removes a name that is there, with everything below.</summary>
    public static void Remove(DirectoryDescriptor parent, string name)
    {
        if (TryRemoveFile(parent, name))
        {
            return;
        }

        using (var top = OpenWhollyReadable(parent, name))
        {
            // Deep directories are moved up to the top and found there by the next round.
            while (Empty(top, top, 0))
            {
            }
        }

        parent.RemoveEmptyDirectory(name);
    }

    /// <summary>Removes everything in a directory; true when something was moved to the top, to be emptied once more.</summary>
    private static bool Empty(DirectoryDescriptor top, DirectoryDescriptor directory, int depth)
    {
        var isAnythingMoved = false;
        foreach (var name in directory.Names())
        {
            if (TryRemoveFile(directory, name))
            {
                continue;
            }

            if (depth == MaximumDepth)
            {
                directory.Rename(name, top, Guid.NewGuid().ToString("N"));
                isAnythingMoved = true;
                continue;
            }

            using (var child = OpenWhollyReadable(directory, name))
            {
                isAnythingMoved |= Empty(top, child, depth + 1);
            }

            directory.RemoveEmptyDirectory(name);
        }

        return isAnythingMoved;
    }

    // What is frozen is thawed when it is met: to look for that first would open every file. A frozen directory is met here as well, by its
    // own name or by the first one in it.
    private static bool TryRemoveFile(DirectoryDescriptor directory, string name)
    {
        try
        {
            return directory.TryRemoveFile(name);
        }
        catch (LinuxException e) when (e.Errno == Errno.EPERM)
        {
            FrozenFiles.Thaw(directory, name);
            return directory.TryRemoveFile(name);
        }
    }

    // Only root without CAP_DAC_OVERRIDE, or a test that is not root, meets a directory it may not read.
    private static DirectoryDescriptor OpenWhollyReadable(DirectoryDescriptor parent, string name)
    {
        try
        {
            return parent.OpenDirectory(name);
        }
        catch (LinuxException e) when (e.Errno == Errno.EACCES)
        {
            parent.SetMode(name, 0x1c0);
            return parent.OpenDirectory(name);
        }
    }
}
