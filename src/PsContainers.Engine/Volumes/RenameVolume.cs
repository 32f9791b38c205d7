using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Volumes;

/// <summary>Gives a volume another name. Who has it keeps it; an anonymous one is none any more, and outlives its container.</summary>
public sealed class RenameVolume
{
    private readonly VolumeTable _volumes;
    private readonly VolumeLookup _lookup;

    internal RenameVolume(VolumeTable volumes, VolumeLookup lookup) => (_volumes, _lookup) = (volumes, lookup);

    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeAmbiguous, VolumeNameInvalid, VolumeNameInUse</exception>
    public ContainerVolume Execute(string volume, string name)
    {
        VolumeName.Check(name);
        var row = _lookup.Resolve(volume);
        return _volumes.TryRename(row.Id, name)
            ? VolumeModel.Of(_lookup.Again(row), _volumes)
            : throw (_volumes.Find(row.Id) is null ? VolumeErrors.NotFound(volume) : VolumeErrors.NameInUse(name));
    }
}
