using PsContainers.Drivers;
using PsContainers.Linux;
using PsContainers.VolumeMounts;

namespace PsContainers.TmpfsVolume;

/// <summary>Keeps volumes in memory: all users of one see the same files, and with the last user these are gone.</summary>
public sealed class TmpfsVolumeDriver(DriverEnvironment environment) : IVolumeDriver, IVolumeMounter
{
    private const HostMountFlags Flags = HostMountFlags.NoSuid | HostMountFlags.NoDev;

    private static readonly string[] _names =
        [TmpfsWords.Size, TmpfsWords.Mode, TmpfsWords.UserId, TmpfsWords.GroupId, TmpfsWords.Inodes];

    private readonly SharedMounts _mounts = new(environment.RunDirectory);

    public VolumeDefinition Define(VolumeDefinition wanted) => VolumeCall.Do(wanted, "define", () =>
    {
        _ = WordsOf(wanted);
        return wanted;
    });

    /// <summary>There is nothing of it until somebody uses it.</summary>
    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation) => VolumeCall.Do(volume, "create", () =>
    {
        _ = WordsOf(volume);
        return new VolumeResult();
    });

    public void Remove(VolumeRecord record, CancellationToken cancellation) =>
        _mounts.Unused(record.Volume, "remove", () => true, cancellation);

    public VolumeMountResult Mount(VolumeUse use, CancellationToken cancellation)
    {
        var volume = use.Record.Volume;
        var data = string.Join(',', WordsOf(volume));
        return _mounts.Mount(
            use, target => MountFailure.Attach(volume, TmpfsWords.Type, TmpfsWords.Type, target, Flags, data), cancellation);
    }

    public void Unmount(VolumeUseRecord record, CancellationToken cancellation) => _mounts.Unmount(record, cancellation);

    private static IReadOnlyList<string> WordsOf(VolumeDefinition volume) => TmpfsWords.Of(new("tmpfs", volume.Options, _names));
}
