using PsContainers.Engine.Errors;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Adds up what a volume holds.</summary>
public sealed class MeasureVolume
{
    private readonly VolumeLookup _lookup;
    private readonly VolumeVisit _visit;

    internal MeasureVolume(VolumeLookup lookup, VolumeVisit visit) => (_lookup, _visit) = (lookup, visit);

    /// <summary>Bytes of its regular files, one with several names once.</summary>
    /// <exception cref="ContainerEngineException">VolumeNotFound, and those of a mount</exception>
    public long Execute(string volume, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(volume);
        if (row.Status == ContainerVolumeStatus.Created)
        {
            return 0;
        }

        try
        {
            if (row.Result?.Path is { } path)
            {
                return TreeSize.Of(path);
            }

            using var visited = _visit.Begin(row, cancellation);
            return TreeSize.Of(visited.Path);
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, "be measured", e);
        }
    }
}
