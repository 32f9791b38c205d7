namespace PsContainers.Drivers;

/// <summary>Keeps volumes of one kind. plugins/PLUGINS.md is the contract in full.</summary>
/// <remarks>
/// As with <see cref="INetworkDriver"/>: a public constructor that takes a <see cref="DriverEnvironment"/>, calls from several threads and
/// sessions, every failure a <see cref="DriverException"/>. The engine lets nobody create, remove, mount or unmount a volume while another
/// session does so with the same one.
/// </remarks>
public interface IVolumeDriver
{
    /// <summary>Checks what a user wants of a new volume, and fills in what he left open. Changes nothing.</summary>
    VolumeDefinition Define(VolumeDefinition wanted);

    /// <summary>Makes the volume, empty. When it fails, nothing of it is left; of one that is there already it changes nothing.</summary>
    VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation);

    /// <summary>Removes the volume with all that it holds, if it is there; may be called twice. Nobody uses it.</summary>
    void Remove(VolumeRecord record, CancellationToken cancellation);
}
