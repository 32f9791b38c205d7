using PsContainers.Drivers;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Discovery;

/// <summary>Looks through the plugin folders. Nothing is loaded, and what is broken hides nothing else.</summary>
internal sealed class PluginSearch(PluginPaths paths, RegisteredPlugins registered)
{
    /// <summary>All plugins in the order of the search, which decides who has a name that two want.</summary>
    public IReadOnlyList<FoundPlugin> All()
    {
        var found = new List<FoundPlugin>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var folder in Folders().Distinct())
        {
            found.Add(Read(folder, owners));
        }

        return found;
    }

    private static FoundPlugin Read(string folder, Dictionary<string, string> owners)
    {
        try
        {
            var plugin = ManifestReader.Read(folder);
            return owners.TryAdd(plugin.Manifest.Name, folder)
                ? new FoundPlugin(folder, plugin, null, null)
                : new FoundPlugin(folder, plugin, null, owners[plugin.Manifest.Name]);
        }
        catch (DriverException e)
        {
            return new FoundPlugin(folder, null, e, null);
        }
    }

    private IEnumerable<string> Folders() => [.. paths.Folders.SelectMany(Within), .. Registered()];

    // A folder that can't be listed holds nothing, as one that is not there; its files' names come in no order.
    private static IEnumerable<string> Within(string root)
    {
        try
        {
            return Directory.EnumerateDirectories(root)
                .Where(folder => File.Exists(Path.Combine(folder, ManifestReader.FileName)))
                .Order(StringComparer.Ordinal)
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private IReadOnlyList<string> Registered()
    {
        try
        {
            return registered.Folders();
        }
        catch (DriverException)
        {
            return []; // Register and Unregister say what is wrong with the list
        }
    }
}
