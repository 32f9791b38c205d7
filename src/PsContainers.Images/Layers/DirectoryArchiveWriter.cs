using PsContainers.Linux;

namespace PsContainers.Images.Layers;

/// <summary>One archive being written from a folder.</summary>
internal sealed class DirectoryArchiveWriter(
    TreeEntryWriter writer, ulong mount, IReadOnlySet<FileIdentity> leftOut, ArchiveNames allowed, CancellationToken stop)
{
    internal void WriteRoot(DirectoryDescriptor root)
    {
        writer.WriteDirectory(root, ".");
        WriteContent(root, "");
    }

    private void WriteContent(DirectoryDescriptor directory, string prefix)
    {
        var names = directory.Names();
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
        {
            stop.ThrowIfCancellationRequested();
            var path = prefix + name;
            TreeEntryWriter.CheckName(name, path, allowed);
            try
            {
                Write(directory, name, path);
            }
            catch (LinuxException e) when (e.Errno == Errno.ENOENT)
            {
                // Gone since the directory was read: as if before. Nothing is written of it yet, or all of an empty directory.
                writer.Forget(path);
            }
            catch (LinuxException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP or Errno.EINVAL)
            {
                throw new ImageFormatException($"'{path}' was replaced while it was read");
            }
        }
    }

    private void Write(DirectoryDescriptor directory, string name, string path)
    {
        if (directory.StatusOf(name) is not { } status)
        {
            return;
        }

        if (status.Kind == FileKind.Directory)
        {
            WriteDirectory(directory, name, path);
        }
        else
        {
            writer.Write(directory, name, status, path);
        }
    }

    private void WriteDirectory(DirectoryDescriptor parent, string name, string path)
    {
        using var directory = parent.OpenDirectory(name);
        writer.WriteDirectory(directory, path);
        var status = directory.Status;
        if (status.MountId == mount && !leftOut.Contains(status.Identity))
        {
            WriteContent(directory, path + "/");
        }
    }
}
