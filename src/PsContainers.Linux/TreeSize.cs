namespace PsContainers.Linux;

/// <summary>How much a tree holds; it may be a stranger's, and somebody may be at work in it.</summary>
public static class TreeSize
{
    /// <summary>Bytes of the regular files at or below a path, one with several names once; 0 when nothing is there.</summary>
    public static long Of(string path)
    {
        if (Directory.Exists(path))
        {
            using var directory = DirectoryDescriptor.Open(path);
            return Of(directory, []);
        }

        return new FileInfo(path) is { Exists: true } file ? file.Length : 0;
    }

    private static long Of(DirectoryDescriptor directory, HashSet<FileIdentity> seen)
    {
        long size = 0;
        foreach (var name in directory.Names())
        {
            switch (directory.StatusOf(name))
            {
                case { Kind: FileKind.Directory }:
                    size += Below(directory, name, seen);
                    break;
                case { Kind: FileKind.Regular } file when file.LinkCount == 1 || seen.Add(file.Identity):
                    size += file.Size;
                    break;
                default:
                    break;
            }
        }

        return size;
    }

    private static long Below(DirectoryDescriptor parent, string name, HashSet<FileIdentity> seen)
    {
        try
        {
            using var directory = parent.OpenDirectory(name);
            return Of(directory, seen);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            return 0;
        }
    }
}
