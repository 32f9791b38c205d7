namespace PsContainers.Plugins;

/// <summary>Where Docker's plugins are found.</summary>
/// <param name="Sockets">Folders with a socket for each plugin that runs.</param>
/// <param name="Specs">Folders with files that say where a plugin listens.</param>
public sealed record DockerPluginFolders(IReadOnlyList<string> Sockets, IReadOnlyList<string> Specs)
{
    public static DockerPluginFolders None { get; } = new([], []);

    /// <summary>Docker's own. https://docs.docker.com/engine/extend/plugin_api/#plugin-discovery</summary>
    public static DockerPluginFolders System { get; } =
        new(["/run/docker/plugins"], ["/etc/docker/plugins", "/usr/lib/docker/plugins"]);
}
