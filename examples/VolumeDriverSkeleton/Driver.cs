using PsContainers.Drivers;

namespace VolumeDriverSkeleton;

/// <summary>A volume driver to begin with: it keeps to the contract, with directories of its own. Fill in what the comments say.</summary>
/// <remarks>
/// Volumes that have to be mounted first: return no Path from Create, add the interface IVolumeMounter here and
/// <c>"capabilities": ["mount"]</c> to plugin.json.
/// </remarks>
public sealed class Driver(DriverEnvironment environment) : IVolumeDriver
{
    // Refuse whatever you can't do, and fill in the options that were left open. Change nothing on the machine here.
    public VolumeDefinition Define(VolumeDefinition wanted)
    {
        foreach (var option in wanted.Options.Keys)
        {
            throw new DriverException($"there is no option {option}", DriverErrorKind.InvalidRequest, $"options.{option}");
        }

        return wanted;
    }

    // Make the volume if it is not there yet. When something fails, undo what was done, and throw a DriverException.
    public VolumeResult Create(VolumeDefinition volume, CancellationToken cancellation) =>
        new() { Path = Directory.CreateDirectory(DirectoryOf(volume)).FullName };

    // Take everything away that is there, without an error for what is not. Result may be null.
    public void Remove(VolumeRecord record, CancellationToken cancellation)
    {
        var directory = DirectoryOf(record.Volume);
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // By the id, which stays when the volume gets another name; in the driver's own folder, which survives a reboot.
    private string DirectoryOf(VolumeDefinition volume) => Path.Combine(environment.StateDirectory, volume.Id);
}
