using PsContainers.Engine.Errors;
using PsContainers.Engine.Locks;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Volumes;

/// <summary>Makes a volume.</summary>
public sealed class CreateVolume
{
    private readonly VolumeTable _volumes;
    private readonly VolumeLookup _lookup;
    private readonly VolumeAccess _access;
    private readonly VolumeLocks _locks;
    private readonly VolumeRelease _release;

    internal CreateVolume(VolumeTable volumes, VolumeLookup lookup, VolumeAccess access, VolumeLocks locks, VolumeRelease release) =>
        (_volumes, _lookup, _access, _locks, _release) = (volumes, lookup, access, locks, release);

    /// <exception cref="ContainerEngineException">
    /// VolumeNameInUse, VolumeNameInvalid, VolumeInvalid, VolumeDriverNotFound, VolumeDriverFailed: nothing of it is left.
    /// </exception>
    public ContainerVolume Execute(VolumeCreation creation, CancellationToken cancellation = default)
    {
        var row = _lookup.Define(creation, isAnonymous: creation.Name is null);
        _release.FinishRemovalOf(row.Name, cancellation);
        if (!_volumes.TryAdd(row))
        {
            throw VolumeErrors.NameInUse(row.Name);
        }

        using var rollback = new Rollback();
        rollback.Add(() => Undo(row));
        using (_locks.Acquire(row.Id, row.Name, cancellation))
        {
            row = _access.Ensure(row, cancellation);
        }

        rollback.Commit();
        return VolumeModel.Of(row, _volumes);
    }

    private void Undo(VolumeRow row)
    {
        if (_volumes.TryBeginRemoval(row.Id))
        {
            _release.RemoveOne(row.Id, CancellationToken.None);
        }
    }
}
