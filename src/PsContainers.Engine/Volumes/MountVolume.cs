using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Shows the files of a volume on the host. As long as they are shown the volume is not removed.</summary>
public sealed class MountVolume
{
    private readonly VolumeTable _volumes;
    private readonly VolumeLookup _lookup;
    private readonly VolumeAccess _access;
    private readonly VolumeRelease _release;

    internal MountVolume(VolumeTable volumes, VolumeLookup lookup, VolumeAccess access, VolumeRelease release) =>
        (_volumes, _lookup, _access, _release) = (volumes, lookup, access, release);

    /// <param name="path">A directory that is there; null for the one where the driver has the files.</param>
    /// <exception cref="ContainerEngineException">
    /// VolumeNotFound, VolumeAmbiguous, VolumeInUse, VolumeFailed, VolumeDriverFailed, ImagePathNotFound
    /// </exception>
    public ContainerVolumeMount Execute(string volume, string? path = null, CancellationToken cancellation = default)
    {
        var target = path is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (target is not null && !Directory.Exists(target))
        {
            throw EngineErrors.ImagePathNotFound(path!);
        }

        var row = _lookup.Resolve(volume);
        var use = new VolumeUseRow(row.Id, VolumeName.NewId(), target, IsPerson: true, Result: null);
        if (!_volumes.TryAddUse(use))
        {
            throw VolumeErrors.IsLeaving(row.Name);
        }

        using var rollback = new Rollback();
        rollback.Add(() => _release.One(use, CancellationToken.None));
        var source = _access.Open(row, use, "this host", cancellation);
        if (target is not null)
        {
            Attach(row, source, target);
        }

        rollback.Commit();
        return new ContainerVolumeMount { Volume = row.Name, VolumeId = row.Id, Path = target ?? source };
    }

    private static void Attach(VolumeRow row, string source, string target)
    {
        try
        {
            HostMount.Bind(source, target, HostMountFlags.None, isRecursive: false);
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, $"be mounted at '{target}'", e);
        }
    }
}
