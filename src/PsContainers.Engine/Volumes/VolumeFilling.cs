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
    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeFailed: that volume is empty then.</exception>
    public void Fill(ContainerRow container, IReadOnlyList<VolumePlace> places, ImageView image, CancellationToken cancellation)
    {
        // The files first, then the store. Who sees files, and nobody at work on them after that, sees all of them.
        var looks = places.Select(place => Try(place, () => VolumeLook.At(place.Path))).ToList();
        var half = table.FillingOf(container.Id);
        foreach (var (place, look) in places.Zip(looks))
        {
            Try(place, () =>
            {
                var isHalf = half.Contains(place.Volume.Id);
                using var source = place.Covered is { } covered && (isHalf || look.IsEmpty) ? image.OpenDirectory(covered) : null;
                if (isHalf || (source is not null && HasSomethingFor(look, source)))
                {
                    Fill(place, source, container.Durability, cancellation);
                }

                return true;
            });
        }
    }

    /// <summary>Takes everything out of a volume.</summary>
    public static void Clear(DirectoryDescriptor directory) =>
        directory.Names().ForEach(name => FileTree.Remove(directory, name));

    private static T Try<T>(VolumePlace place, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(place.Volume.Name, "be filled from the image", e);
        }
    }

    private void Fill(VolumePlace place, DirectoryDescriptor? source, Durability durability, CancellationToken cancellation)
    {
        var row = place.Volume;
        using var directory = DirectoryDescriptor.OpenFollowing(place.Path);
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
            Copy(row, source, directory, durability, cancellation);
            status = ContainerVolumeStatus.Filling;
        }

        if (source is not null && VolumeLook.IsNobodys(directory))
        {
            TreeCopy.CopyAttributes(source, directory);
        }

        if (status == ContainerVolumeStatus.Filling)
        {
            table.SetStatus(row.Id, ContainerVolumeStatus.Ready, durability);
        }
    }

    // Without the volume's lock, for most starts find nothing to do.
    private static bool HasSomethingFor(VolumeLook look, DirectoryDescriptor source) =>
        !source.IsEmpty() || (look.IsOfNobody && (!VolumeLook.IsNobodys(source) || TreeCopy.HasAttributes(source)));

    // When it fails the volume is as it was before: others may have it, and what they put beside the copy is not ours to remove, now or
    // at the next start.
    private void Copy(
        VolumeRow row, DirectoryDescriptor source, DirectoryDescriptor target, Durability durability, CancellationToken cancellation)
    {
        List<string> begun = [];
        var isWhole = false;
        try
        {
            TreeCopy.Copy(source, target, begun, cancellation);
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
                begun.FindAll(name => target.StatusOf(name) is not null).ForEach(name => FileTree.Remove(target, name));
                table.SetStatus(row.Id, ContainerVolumeStatus.Ready, durability);
            }
        }
    }
}
