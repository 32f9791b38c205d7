using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>A volume that is made whole, files and all, or not at all.</summary>
/// <remarks>
/// Until its files are there the store says that it is to be removed: nobody gets it, and what a killed session left goes with the next
/// volume of the name, or with <c>Remove-ContainerVolume -Unused</c>.
/// </remarks>
internal sealed class NewVolume(VolumeTable volumes, VolumeLookup lookup, VolumeRelease release, VolumeVisit visit)
{
    /// <param name="fill">Puts the files there.</param>
    public ContainerVolume Make(VolumeCreation creation, Action<DirectoryDescriptor> fill, CancellationToken cancellation)
    {
        var row = lookup.Define(creation, isAnonymous: false);
        release.FinishRemovalOf(row.Name, cancellation);
        using var rollback = new Rollback();
        rollback.Add(() => release.RemoveOne(row.Id, CancellationToken.None));
        using (var visited = visit.BeginUnfinished(row, cancellation))
        {
            fill(visited.Directory);
            volumes.SetStatus(row.Id, ContainerVolumeStatus.Ready, Durability.PowerLoss);
        }

        rollback.Commit();
        return VolumeModel.Of(volumes.Find(row.Id)!, volumes);
    }
}
