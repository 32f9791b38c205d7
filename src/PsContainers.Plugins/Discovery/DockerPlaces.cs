using PsContainers.Plugins.Docker;

namespace PsContainers.Plugins.Discovery;

/// <summary>Finds what Docker would find: <c>NAME.sock</c> or <c>NAME/NAME.sock</c>, and files that say where a plugin listens.</summary>
internal static class DockerPlaces
{
    public static IEnumerable<PluginPlace> In(DockerPluginFolders folders) =>
    [
        .. folders.Sockets.SelectMany(folder => Within(folder, DockerFile.SocketExtension)),
        .. folders.Specs.SelectMany(folder => DockerFile.SpecExtensions.SelectMany(extension => Within(folder, extension))),
    ];

    // A folder that can't be listed holds nothing, as one that is not there; its files' names come in no order. Where Docker was never
    // installed, which is most hosts, none of them is there: looking first costs each session less than the exceptions.
    private static List<PluginPlace> Within(string folder, string extension)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        try
        {
            return Directory.EnumerateFileSystemEntries(folder)
                .Select(path => Directory.Exists(path) ? Path.Combine(path, Path.GetFileName(path) + extension) : path)
                .Where(path => Path.GetExtension(path) == extension && File.Exists(path))
                .Order(StringComparer.Ordinal)
                .Select(path => new PluginPlace(path, IsDockers: true))
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
