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
        foreach (var place in Places().Distinct())
        {
            found.Add(Read(place, owners));
        }

        return found;
    }

    private static FoundPlugin Read(PluginPlace place, Dictionary<string, string> owners)
    {
        try
        {
            var plugin = place.Read();
            return owners.TryAdd(plugin.Manifest.Name, place.Path)
                ? new FoundPlugin(place, plugin, null, null)
                : new FoundPlugin(place, plugin, null, owners[plugin.Manifest.Name]);
        }
        catch (DriverException e)
        {
            return new FoundPlugin(place, null, e, null);
        }
    }

    private IEnumerable<PluginPlace> Places() =>
    [
        .. paths.Folders.SelectMany(Within).Concat(Registered()).Select(folder => new PluginPlace(folder, IsDockers: false)),
        .. DockerPlaces.In(paths.Docker),
    ];

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
