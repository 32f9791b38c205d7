namespace PsContainers.Drivers;

/// <summary>A volume driver whose volumes have to be mounted, attached or unlocked before their files can be seen.</summary>
/// <remarks>Volumes for which <see cref="IVolumeDriver.Create"/> said where they lie are never asked for here.</remarks>
public interface IVolumeMounter
{
    /// <summary>Makes the files visible on this host, for one more user. When it fails, nothing of it is left.</summary>
    /// <remarks>All users of a volume see the same files. The same user may ask again, and gets the same answer.</remarks>
    VolumeMountResult Mount(VolumeUse use, CancellationToken cancellation);

    /// <summary>Takes back <see cref="Mount"/> of one user, if there was one; may be called twice.</summary>
    void Unmount(VolumeUseRecord record, CancellationToken cancellation);
}
