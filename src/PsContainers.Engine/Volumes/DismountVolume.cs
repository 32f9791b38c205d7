using PsContainers.Engine.Errors;
using PsContainers.Engine.Store;
using PsContainers.Linux;

namespace PsContainers.Engine.Volumes;

/// <summary>Takes back <see cref="MountVolume"/>.</summary>
public sealed class DismountVolume
{
    private readonly VolumeTable _volumes;
    private readonly VolumeLookup _lookup;
    private readonly VolumeRelease _release;

    internal DismountVolume(VolumeTable volumes, VolumeLookup lookup, VolumeRelease release) =>
        (_volumes, _lookup, _release) = (volumes, lookup, release);

    /// <summary>Takes away every place where the volume is shown, or one of them.</summary>
    /// <param name="path">Null for all.</param>
    /// <param name="force">Whether those that still use the files there may keep them; otherwise that is an error.</param>
    /// <exception cref="ContainerEngineException">VolumeNotFound, VolumeNotMounted, VolumeFailed, VolumeDriverFailed</exception>
    public void Execute(string volume, string? path = null, bool force = false, CancellationToken cancellation = default)
    {
        var row = _lookup.Resolve(volume);
        var full = path is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var uses = _volumes.UsesOf(row.Id).FindAll(use => use.IsPerson && (full is null || VolumeModel.PathOf(row, use) == full));
        if (uses.Count == 0)
        {
            throw VolumeErrors.NotMounted(volume, $"volume '{row.Name}' is not mounted{(path is null ? "" : $" at '{path}'")}");
        }

        foreach (var use in uses)
        {
            Detach(row, use, force);
            _release.One(use, cancellation);
        }
    }

    // Nothing is mounted there after a restart, or when its mount was killed half-way.
    private static void Detach(VolumeRow row, VolumeUseRow use, bool force)
    {
        try
        {
            if (use.Target is { } target)
            {
                HostMount.TryDetach(target, lazily: force);
            }
        }
        catch (LinuxException e)
        {
            throw VolumeErrors.Failed(row.Name, "be dismounted", e);
        }
    }
}
