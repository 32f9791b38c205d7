using PsContainers.Drivers;

namespace PsContainers.Plugins.Peer;

/// <summary>Volumes that are there while they are in use, and until somebody has used them.</summary>
public class CarelessDriver(DriverEnvironment environment) : IVolumeDriver, IVolumeMounter
{
    public VolumeDefinition Define(VolumeDefinition wanted) => wanted.Options.Count == 0
        ? wanted
        : throw new DriverException("there are no options", DriverErrorKind.InvalidRequest, "options");

    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation) => new();

    public void Remove(VolumeRecord record, CancellationToken cancellation)
    {
    }

    public VolumeMountResult Mount(VolumeUse use, CancellationToken cancellation) =>
        new() { Path = Directory.CreateDirectory(PathOf(use)).FullName };

    public virtual void Unmount(VolumeUseRecord record, CancellationToken cancellation)
    {
        if (Directory.Exists(PathOf(record.Use)))
        {
            Directory.Delete(PathOf(record.Use), recursive: true);
        }
    }

    protected virtual string PathOf(VolumeUse use) => Path.Combine(environment.RunDirectory, use.Record.Volume.Id);
}

/// <summary>A new directory for each mount, which stays.</summary>
public sealed class GenerousDriver(DriverEnvironment environment) : CarelessDriver(environment)
{
    private int _count;

    public override void Unmount(VolumeUseRecord record, CancellationToken cancellation)
    {
    }

    protected override string PathOf(VolumeUse use) => base.PathOf(use) + ++_count;
}
