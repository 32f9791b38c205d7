namespace PsContainers.Plugins;

/// <summary>Where plugins are found, and where they keep what is theirs.</summary>
/// <param name="Folders">Folders that hold a folder for each plugin; the first one wins a name. One that is missing holds none.</param>
/// <param name="StateRoot">What survives a reboot: a folder for each plugin, and the list of registered ones.</param>
/// <param name="RunRoot">What does not: a folder for each plugin.</param>
public sealed record PluginPaths(IReadOnlyList<string> Folders, string StateRoot, string RunRoot)
{
    private const string Configured = "/etc/pscontainers/plugins";
    private const string Installed = "/usr/lib/pscontainers/plugins";

    /// <summary>Docker's plugins, which come after all others.</summary>
    public DockerPluginFolders Docker { get; init; } = DockerPluginFolders.None;

    /// <summary>The folders of plugins that a user registered.</summary>
    public string Registered => Path.Combine(StateRoot, "registered.json");

    /// <summary>
    /// The module's own plugins come first, so that nobody takes their names; then what <c>PSCONTAINERS_PLUGIN_PATH</c> lists, divided by
    /// colons, the system's folders, and Docker's.
    /// </summary>
    /// <param name="module">The plugins that came with the module.</param>
    public static PluginPaths FromEnvironment(string module, string stateRoot, string runRoot)
    {
        var listed = (Environment.GetEnvironmentVariable("PSCONTAINERS_PLUGIN_PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Path.GetFullPath);
        return new PluginPaths([module, .. listed, Configured, Installed], stateRoot, runRoot)
        {
            Docker = DockerPluginFolders.System,
        };
    }
}
