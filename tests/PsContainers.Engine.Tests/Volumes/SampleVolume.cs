using PsContainers.Drivers;
using PsContainers.Engine.Store;

namespace PsContainers.Engine.Tests.Volumes;

/// <summary>Volumes and mounts as the engine could have made them.</summary>
internal static class SampleVolume
{
    public static VolumeRow Volume(string id, string? name = null, bool isAnonymous = false) => new(
        name ?? Sample.Id(id),
        new VolumeDefinition { Id = Sample.Id(id), Name = name ?? Sample.Id(id), Driver = "sample" },
        new Dictionary<string, string>(),
        isAnonymous,
        Sample.Time);

    /// <summary>A container that has volumes.</summary>
    public static ContainerRow Container(string id, string name, params string[] volumes) => Sample.Container(id, name) with
    {
        Settings = Sample.Settings() with
        {
            Mounts =
            [
                .. volumes.Select(id => new MountSetting(new ContainerMount { Target = $"/{id}" }, Volume: Sample.Id(id))),
            ],
        },
    };
}
