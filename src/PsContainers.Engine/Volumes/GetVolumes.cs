using PsContainers.Engine.Store;

namespace PsContainers.Engine.Volumes;

/// <summary>Shows volumes, with the containers that have them.</summary>
public sealed class GetVolumes
{
    private readonly VolumeTable _volumes;
    private readonly VolumeLookup _lookup;

    internal GetVolumes(VolumeTable volumes, VolumeLookup lookup) => (_volumes, _lookup) = (volumes, lookup);

    /// <summary>All of them, those with names first.</summary>
    public IReadOnlyList<ContainerVolume> Execute() => [.. _volumes.All().Select(row => VolumeModel.Of(row, _volumes))];

    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeAmbiguous</exception>
    public ContainerVolume Execute(string volume) => VolumeModel.Of(_lookup.Resolve(volume), _volumes);
}
