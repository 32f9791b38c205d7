using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Volumes;

/// <summary>Removes volumes that nobody has, with all that is in them.</summary>
public sealed class RemoveVolume
{
    private readonly VolumeTable _volumes;
    private readonly VolumeLookup _lookup;
    private readonly VolumeRelease _release;

    internal RemoveVolume(VolumeTable volumes, VolumeLookup lookup, VolumeRelease release) =>
        (_volumes, _lookup, _release) = (volumes, lookup, release);

    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeInUse, VolumeDriverFailed</exception>
    public void Execute(string volume, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(volume);
        _release.EndAbandoned(row.Id, cancellation);
        if (!_volumes.TryBeginRemoval(row.Id))
        {
            throw VolumeErrors.InUse(row.Name, Users(_lookup.Again(row)));
        }

        _release.RemoveOne(row.Id, cancellation);
    }

    /// <summary>The names of volumes that no container, running or not, has and nobody has mounted.</summary>
    /// <param name="all">Otherwise anonymous ones only, and those whose removal was not finished.</param>
    public IReadOnlyList<string> Unused(bool all) =>
    [
        .. _volumes.All()
            .Where(row => all || row.IsAnonymous || row.Status == ContainerVolumeStatus.Removing)
            .Where(row => _volumes.HoldersOf(row.Id).Count == 0 && !_volumes.UsesOf(row.Id).Exists(use => use.IsPerson))
            .Select(row => row.Name),
    ];

    private List<string> Users(VolumeRow row)
    {
        var model = VolumeModel.Of(row, _volumes);
        List<string> users =
        [
            .. model.Container.Select(name => $"the container '{name}'"),
            .. model.MountPoint.Select(path => $"Mount-ContainerVolume at '{path}'"),
        ];
        return users.Count > 0 ? users : ["another session"];
    }
}
