using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Puts into an empty volume what an image has where the volume will cover it.</summary>
/// <remarks>
/// The store says that it is being filled before the first file is there, and that it is ready after the last one: what a killed session
/// left half copied was seen by no container, and the next one begins anew.
/// </remarks>
internal sealed class VolumeFilling(VolumeTable table, VolumeLocks locks)
{
    private const int DefaultMode = 0x1ed; // 0755

    /// <param name="path">Where the volume's files are.</param>
    /// <param name="image">Null leaves an empty volume empty.</param>
    /// <param name="target">Where in the image.</param>
    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeFailed: the volume is empty then.</exception>
    public void Fill(
        VolumeRow row, string path, ImageView? image, string target, Durability durability, CancellationToken cancellation)
    {
        try
        {
            using var directory = DirectoryDescriptor.OpenFollowing(path);
            var isHalf = row.Status == ContainerVolumeStatus.Filling;
            using var source = image is not null && (isHalf || directory.IsEmpty()) ? image.OpenDirectory(target) : null;
            if (isHalf || (source is not null && HasSomethingFor(directory, source)))
            {
                Fill(row, directory, source, durability, cancellation);
            }
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, "be filled from the image", e);
        }
    }

    private void Fill(
        VolumeRow row, DirectoryDescriptor directory, DirectoryDescriptor? source, Durability durability, CancellationToken cancellation)
    {
        using var held = locks.Acquire(row.Id, row.Name, cancellation);
        var status = (table.Find(row.Id) ?? throw VolumeErrors.NotFound(row.Name)).Status;
        if (status == ContainerVolumeStatus.Filling)
        {
            Clear(directory);
        }
        else if (!directory.IsEmpty())
        {
            return;
        }

        if (source is not null && !source.IsEmpty())
        {
            table.SetStatus(row.Id, ContainerVolumeStatus.Filling, durability);
            Copy(source, directory, durability, cancellation);
            status = ContainerVolumeStatus.Filling;
        }

        if (source is not null && IsNobodys(directory))
        {
            TreeCopy.CopyAttributes(source, directory);
        }

        if (status == ContainerVolumeStatus.Filling)
        {
            table.SetStatus(row.Id, ContainerVolumeStatus.Ready, durability);
        }
    }

    // Looked at without the volume's lock, for most starts find nothing to do.
    private static bool HasSomethingFor(DirectoryDescriptor directory, DirectoryDescriptor source) =>
        !source.IsEmpty() || (IsNobodys(directory) && (!IsNobodys(source) || TreeCopy.HasAttributes(source)));

    // Whom the volume belongs to is the image's to say, unless somebody said it when it was made.
    private static bool IsNobodys(DirectoryDescriptor directory) => directory.Status is { UserId: 0, GroupId: 0, Mode: DefaultMode };

    private static void Copy(DirectoryDescriptor source, DirectoryDescriptor target, Durability durability, CancellationToken cancellation)
    {
        var isWhole = false;
        try
        {
            TreeCopy.Copy(source, target, cancellation);
            if (durability == Durability.PowerLoss)
            {
                target.SynchronizeFileSystem();
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                Clear(target);
            }
        }
    }

    private static void Clear(DirectoryDescriptor directory) =>
        directory.Names().ForEach(name => FileTree.Remove(directory, name));
}
