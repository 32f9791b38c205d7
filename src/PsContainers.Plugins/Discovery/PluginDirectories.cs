using PsContainers.Drivers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Discovery;

/// <summary>The folders that a driver may write to.</summary>
internal static class PluginDirectories
{
    /// <summary>Makes what is missing of them. A plugin's name is fit for a file's name.</summary>
    public static DriverEnvironment Prepare(PluginFolder plugin, PluginPaths paths)
    {
        var environment = new DriverEnvironment
        {
            PluginDirectory = plugin.Path,
            StateDirectory = Path.Combine(paths.StateRoot, plugin.Manifest.Name),
            RunDirectory = Path.Combine(paths.RunRoot, plugin.Manifest.Name),
        };
        try
        {
            Directory.CreateDirectory(environment.StateDirectory, StateFile.OwnerOnly);
            Directory.CreateDirectory(environment.RunDirectory, StateFile.OwnerOnly);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DriverException($"no folder for the plugin {plugin.Manifest.Name}: {e.Message}", DriverErrorKind.Failed, cause: e);
        }

        return environment;
    }
}
