using PsContainers.Drivers;
using PsContainers.Plugins.Answers;
using PsContainers.Plugins.Contract;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins;

/// <summary>A volume driver of a plugin, whatever its transport: every call ends in time, and every answer was checked.</summary>
/// <remarks>
/// All that goes wrong is a <see cref="DriverException"/>. After a <see cref="Create"/> that failed because the plugin broke the contract,
/// all, some or nothing of the volume may be there: <see cref="Remove"/> it without a result. So it is with a mount.
/// </remarks>
public sealed class VolumePlugin : IVolumeDriver
{
    private readonly CheckedCalls _calls;

    internal VolumePlugin(PluginManifest manifest, LazyChannel channel)
    {
        Name = manifest.Name;
        _calls = new CheckedCalls(Name, channel);
        Mounter = manifest.Capabilities.Contains(DriverCapability.Mount) ? new MountingHalf(_calls) : null;
    }

    public string Name { get; }

    /// <summary>Null when its volumes need no mounting.</summary>
    public IVolumeMounter? Mounter { get; }

    /// <summary>The plugin's process, while there is one.</summary>
    internal int? ProcessId => _calls.ProcessId;

    public VolumeDefinition Define(VolumeDefinition wanted) =>
        _calls.Ask(VolumeMethods.Define, new(wanted), Completed.Of, answer => VolumeCheck.Define(wanted, answer), default);

    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation) => _calls.Ask(
        VolumeMethods.Create, new(volume), result => result, answer => VolumeCheck.Create(answer, Mounter is not null), cancellation);

    public void Remove(VolumeRecord record, CancellationToken cancellation) =>
        _calls.Tell(VolumeMethods.Remove, new(record), cancellation);

    private sealed class MountingHalf(CheckedCalls calls) : IVolumeMounter
    {
        public VolumeMountResult Mount(VolumeUse use, CancellationToken cancellation) =>
            calls.Ask(VolumeMethods.Mount, new(use), result => result, VolumeCheck.Mount, cancellation);

        public void Unmount(VolumeUseRecord record, CancellationToken cancellation) =>
            calls.Tell(VolumeMethods.Unmount, new(record), cancellation);
    }
}
