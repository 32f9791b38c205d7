namespace PsContainers.Linux;

/// <summary>Copies trees as faithfully as the kernel allows; they may be a stranger's, and somebody may be at work in them.</summary>
public static class TreeCopy
{
    /// <summary>Copies all that is in a directory into another, empty one; of the two directories themselves nothing.</summary>
    /// <remarks>
    /// Owners, modes, times of the last change, extended attributes, hard links, symbolic links, devices and holes are kept; sockets are
    /// left out. No link is followed and no other mount entered: what is mounted over is an empty directory or file in the copy. A name
    /// that goes before it is read is as if it had never been. What is copied already stays when the rest fails.
    /// </remarks>
    /// <exception cref="LinuxException">A call failed, or something was replaced while it was read (EBUSY).</exception>
    public static void Copy(DirectoryDescriptor source, DirectoryDescriptor target, CancellationToken stop)
    {
        using var copier = new TreeCopier(source, target, stop);
        copier.Run();
    }

    /// <summary>Gives a directory the owner, mode, attributes and time of another; to be done when its content is complete.</summary>
    public static void CopyAttributes(DirectoryDescriptor source, DirectoryDescriptor target)
    {
        var status = source.Status;
        target.SetOwner(status.UserId, status.GroupId);
        AttributeCopy.Copy(source, source.ShownPath, target, target.ShownPath);
        target.SetMode(status.Mode);
        target.SetModified(status.Modified);
    }

    /// <summary>Whether a directory has extended attributes that <see cref="CopyAttributes"/> would give to another.</summary>
    public static bool HasAttributes(DirectoryDescriptor directory) => AttributeCopy.IsNeeded(directory, directory.ShownPath);
}
