using PsContainers.Linux;

namespace PsContainers.Images.Archives;

/// <summary>An image's files in a folder. Links in it may lead from one place of the folder to another, but not out of it.</summary>
internal sealed class FolderFiles(string path) : IImageFiles
{
    private const int MaximumName = 255; // NAME_MAX

    private readonly DirectoryDescriptor _root = DirectoryDescriptor.OpenFollowing(path);

    public Stream? TryOpen(string path)
    {
        // What can't be the name of a file is not there.
        if (path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Any(part => part.Length > MaximumName))
        {
            return null;
        }

        var slash = path.LastIndexOf('/');
        using var parent = OpenParent(slash < 0 ? "." : path[..slash]);
        var name = path[(slash + 1)..];
        if (parent?.StatusOf(name) is null)
        {
            return null;
        }

        return FileSection.OpenWhole(parent, name) ?? throw new ImageFormatException($"{path} is not a regular file");
    }

    public void Dispose() => _root.Dispose();

    private DirectoryDescriptor? OpenParent(string path)
    {
        try
        {
            return _root.OpenInRoot(path);
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOTDIR or Errno.ENAMETOOLONG)
        {
            return null;
        }
        catch (LinuxException e) when (e.Errno == Errno.ELOOP)
        {
            throw new ImageFormatException($"{path} is reached through links that go round in circles");
        }
    }
}
