using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Conformance;

/// <summary>Tries a plugin against the contract, from its <c>plugin.json</c> to its end, with folders that go afterwards.</summary>
internal sealed class PluginConformance(string folder, string runRoot)
{
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(5);
    private readonly CheckList _list = new();

    public ContainerPluginReport Run()
    {
        if (Read() is { } plugin)
        {
            TryDriver(plugin);
            return Report(plugin.Manifest.Name);
        }

        return Report(Path.GetFileName(folder));
    }

    private PluginFolder? Read()
    {
        if (!_list.Try("nobody else may write its files", () =>
        {
            FileTrust.CheckFolder(folder);
            FileTrust.CheckFile(folder, ManifestReader.FileName);
            return null;
        }))
        {
            return null;
        }

        PluginFolder? plugin = null;
        _list.Try("plugin.json", () =>
        {
            plugin = ManifestReader.Read(folder);
            return $"{plugin.Manifest.Name} {plugin.Manifest.Version}, contract {plugin.Manifest.Contract}";
        });
        return plugin;
    }

    private void TryDriver(PluginFolder plugin)
    {
        var place = Path.Combine(runRoot, $".test-{Guid.NewGuid():n}");
        try
        {
            var paths = new PluginPaths([], Path.Combine(place, "state"), Path.Combine(place, "run"));
            using var channel = new LazyChannel(plugin, paths, new CircuitBreaker(TimeProvider.System, int.MaxValue));
            if (_list.Try("starts, and says hello, in time", () => Start(plugin, channel)))
            {
                if (plugin.Manifest.Kinds.Contains(DriverKind.Network))
                {
                    new NetworkConformance(plugin.Manifest, new NetworkPlugin(plugin.Manifest, channel), _list).Run();
                }

                _list.Try("ends when it is told to", () => End(channel));
            }
        }
        finally
        {
            if (Directory.Exists(place))
            {
                Directory.Delete(place, recursive: true);
            }
        }
    }

    private static string? Start(PluginFolder plugin, LazyChannel channel)
    {
        channel.Start();
        return $"within {plugin.Manifest.Timeouts.Start} seconds";
    }

    private static string? End(LazyChannel channel) => channel.TryEnd(_farewell)
        ? null
        : throw new CheckFailure($"its process goes on {_farewell.TotalSeconds} seconds after its standard input was closed");

    private ContainerPluginReport Report(string name) => new() { Name = name, Path = folder, Checks = _list.Checks };
}
