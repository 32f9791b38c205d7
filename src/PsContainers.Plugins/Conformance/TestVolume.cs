using System.Security.Cryptography;
using PsContainers.Drivers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Conformance;

/// <summary>What a plugin with volumes is tried with.</summary>
internal static class TestVolume
{
    /// <summary>A volume with nothing decided but what the plugin's own example says, and a name that nobody has.</summary>
    public static VolumeDefinition Wanted(PluginManifest manifest) => new()
    {
        Id = NewId(),
        Name = "psc-test-" + NewId()[..12],
        Driver = manifest.Name,
        Options = manifest.Example?.Options ?? new Dictionary<string, string>(),
    };

    public static VolumeUse Use(VolumeRecord record) => new() { Record = record, UserId = NewId() };

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
