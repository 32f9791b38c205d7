using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Puts into an empty volume what an image has where the volume will cover it.</summary>
/// <remarks>
/// The store says that it is being filled before the first file is there, and that it is ready after the last one. What a killed session
/// left in between is ended by whoever opens the volume next: <see cref="StagedCopy"/>.
/// </remarks>
internal sealed class VolumeFilling(VolumeTable table, VolumeLocks locks)
{
    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeFailed: that volume is as it was before.</exception>
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
            StagedCopy.Recover(directory);
        }

        if (source is not null && directory.IsEmpty())
        {
            if (!source.IsEmpty())
            {
                table.SetStatus(row.Id, ContainerVolumeStatus.Filling, durability);
                status = ContainerVolumeStatus.Filling;
                Copy(row, source, directory, durability, cancellation);
            }
            else if (VolumeLook.IsNobodys(directory))
            {
                TreeCopy.CopyAttributes(source, directory);
            }
        }

        if (status == ContainerVolumeStatus.Filling)
        {
            table.SetStatus(row.Id, ContainerVolumeStatus.Ready, durability);
        }
    }

    // Without the volume's lock, for most starts find nothing to do.
    private static bool HasSomethingFor(VolumeLook look, DirectoryDescriptor source) =>
        !source.IsEmpty() || (look.IsOfNobody && (!VolumeLook.IsNobodys(source) || TreeCopy.HasAttributes(source)));

    // When it fails the volume is as it was before, and not one that somebody was killed at; or else the next one ends it.
    private void Copy(
        VolumeRow row, DirectoryDescriptor source, DirectoryDescriptor target, Durability durability, CancellationToken cancellation)
    {
        var isWhole = false;
        try
        {
            StagedCopy.Make(source, target, durability == Durability.PowerLoss, cancellation);
            isWhole = true;
        }
        finally
        {
            if (!isWhole && !StagedCopy.IsBegun(target))
            {
                table.SetStatus(row.Id, ContainerVolumeStatus.Ready, durability);
            }
        }
    }
}
