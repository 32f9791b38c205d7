namespace PsContainers.Plugins.Tests.Docker;

/// <summary>Folders in which Docker's plugins are found, of a test's own.</summary>
internal sealed class DockerSandbox : IDisposable
{
    private readonly PluginSandbox _plugins = new();

    internal DockerSandbox()
    {
        Paths = _plugins.Paths with
        {
            Docker = new DockerPluginFolders([Path.Combine(Root, "sockets")], [Path.Combine(Root, "specs"), Path.Combine(Root, "more")]),
        };
        Host = new PluginHost(Paths);
    }

    internal PluginSandbox Plugins => _plugins;

    internal string Root => _plugins.Root;

    internal PluginPaths Paths { get; }

    internal PluginHost Host { get; }

    internal DockerPeer Start(string file = "sockets/odd.sock", params string[] implements) =>
        DockerPeer.Start(Path.Combine(Root, "peer"), Path.Combine(Root, file), implements);

    internal VolumePlugin Driver() => Host.VolumeDriver("odd");

    /// <summary>A plugin of the same name whose time is short; it comes before those of Docker.</summary>
    internal VolumePlugin Impatient(double seconds = 0.5)
    {
        PluginSandbox.Add(_plugins.First, "odd", $$"""
            {
              "name": "odd", "version": "1.0.0", "contract": "1.1", "kinds": ["volume"], "transport": "docker-volume",
              "entry": { "socket": "{{Root}}/sockets/odd.sock" },
              "timeouts": { "start": {{seconds}}, "createVolume": {{seconds}}, "mountVolume": {{seconds}} }
            }
            """);
        return Driver();
    }

    public void Dispose()
    {
        Host.Dispose();
        _plugins.Dispose();
    }
}
