using PsContainers.Engine.Store;

namespace PsContainers.Engine.Volumes;

/// <summary>The object that scripts see, made of a volume's row.</summary>
internal static class VolumeModel
{
    public static ContainerVolume Of(VolumeRow row, VolumeTable table) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Driver = row.Definition.Driver,
        Anonymous = row.IsAnonymous,
        Status = row.Status,
        Directory = row.Result?.Path,
        Option = row.Definition.Options,
        Label = row.Labels,
        Created = row.Created.ToLocalTime(),

        // Arrays, because PowerShell cannot index what the compiler makes for an interface.
        Container = table.HoldersOf(row.Id).ToArray(),
        MountPoint = table.UsesOf(row.Id).Where(use => use.IsPerson).Select(use => PathOf(row, use)).OfType<string>().ToArray(),
    };

    /// <summary>Where a person sees the volume; null when that was never finished.</summary>
    public static string? PathOf(VolumeRow row, VolumeUseRow use) => use.Target ?? use.Result?.Path ?? row.Result?.Path;
}
