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
internal sealed class VolumeFilling(EnginePaths paths, VolumeTable table, VolumeLocks locks)
{
    private const int DefaultMode = 0x1ed; // 0755

    /// <param name="path">Where the volume's files are.</param>
    /// <param name="layers">The image's, the topmost first; none leaves the volume empty.</param>
    /// <param name="target">Where in the image.</param>
    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeFailed: the volume is empty then.</exception>
    public void Fill(
        VolumeRow row, string path, IReadOnlyList<string> layers, string target, Durability durability, CancellationToken cancellation)
    {
        try
        {
            using var directory = DirectoryDescriptor.OpenFollowing(path);
            if (row.Status == ContainerVolumeStatus.Filling || (layers.Count > 0 && directory.IsEmpty()))
            {
                Fill(row, directory, layers, target, durability, cancellation);
            }
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, "be filled from the image", e);
        }
    }

    private void Fill(
        VolumeRow row,
        DirectoryDescriptor directory,
        IReadOnlyList<string> layers,
        string target,
        Durability durability,
        CancellationToken cancellation)
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

        using var image = Open(layers);
        using var source = OpenTarget(image, target);
        if (source is not null && !source.IsEmpty())
        {
            table.SetStatus(row.Id, ContainerVolumeStatus.Filling, durability);
            Copy(source, directory, durability, cancellation);
            status = ContainerVolumeStatus.Filling;
        }

        // Whom the volume belongs to is the image's to say, unless somebody said it when it was made.
        if (source is not null && directory.Status is { UserId: 0, GroupId: 0, Mode: DefaultMode })
        {
            TreeCopy.CopyAttributes(source, directory);
        }

        if (status == ContainerVolumeStatus.Filling)
        {
            table.SetStatus(row.Id, ContainerVolumeStatus.Ready, durability);
        }
    }

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

    private DirectoryDescriptor? Open(IReadOnlyList<string> layers) => layers switch
    {
        [] => null,
        [var only] => DirectoryDescriptor.Open(only),

        // An overlay wants two layers at least; the engine's mount point is a folder with nothing in it.
        _ => OverlayMount.Open([.. layers, paths.MountPoint]),
    };

    private static DirectoryDescriptor? OpenTarget(DirectoryDescriptor? image, string target)
    {
        try
        {
            return image?.OpenInRoot(target);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOTDIR)
        {
            // A file of the image: the launcher says that a directory cannot be mounted there.
            return null;
        }
    }
}
