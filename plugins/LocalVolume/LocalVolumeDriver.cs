using PsContainers.Drivers;
using PsContainers.VolumeMounts;

namespace PsContainers.LocalVolume;

/// <summary>Keeps volumes as folders of this host, and mounts those that are to lie elsewhere.</summary>
public sealed class LocalVolumeDriver(DriverEnvironment environment) : IVolumeDriver, IVolumeMounter
{
    private readonly SharedMounts _mounts = new(environment.RunDirectory);
    private readonly VolumeFolders _folders = new(environment.StateDirectory);

    public VolumeDefinition Define(VolumeDefinition wanted) => VolumeCall.Do(wanted, "define", () =>
    {
        _folders.CheckQuota(wanted, LocalOptions.Parse(wanted.Options));
        return wanted;
    });

    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation)
    {
        var options = LocalOptions.Parse(volume.Options);
        return _mounts.Locked(volume, "create", () => new VolumeResult { Path = _folders.Create(volume, options) }, cancellation);
    }

    public void Remove(VolumeRecord record, CancellationToken cancellation) =>
        _mounts.Unused(record.Volume, "remove", () => _folders.Remove(record.Volume), cancellation);

    public VolumeMountResult Mount(VolumeUse use, CancellationToken cancellation)
    {
        var volume = use.Record.Volume;
        var plan = LocalOptions.Parse(volume.Options).Mounted ?? throw VolumeCall.Failed(
            volume, "mount", "it is a folder, which is there without that", DriverErrorKind.InvalidRequest);
        return _mounts.Mount(use, target => plan.Apply(volume, target), cancellation);
    }

    public void Unmount(VolumeUseRecord record, CancellationToken cancellation) => _mounts.Unmount(record, cancellation);
}
