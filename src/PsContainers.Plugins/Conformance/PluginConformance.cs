using PsContainers.Plugins.Discovery;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins.Conformance;

/// <summary>Tries a plugin against the contract, from its <c>plugin.json</c> to its end, with folders that go afterwards.</summary>
internal sealed class PluginConformance(PluginPlace place, string runRoot)
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

        return Report(place.CalledSo);
    }

    private PluginFolder? Read()
    {
        if (!_list.Try("nobody else may write its files", () =>
        {
            place.CheckTrust();
            return null;
        }))
        {
            return null;
        }

        PluginFolder? plugin = null;
        _list.Try(place.IsDockers ? "the plugin's name and address" : ManifestReader.FileName, () =>
        {
            plugin = place.Read();
            return place.IsDockers
                ? $"{plugin.Manifest.Name}, {plugin.Manifest.Entry.Socket}"
                : $"{plugin.Manifest.Name} {plugin.Manifest.Version}, contract {plugin.Manifest.Contract}";
        });
        return plugin;
    }

    private void TryDriver(PluginFolder plugin)
    {
        var own = Path.Combine(runRoot, $".test-{Guid.NewGuid():n}");
        try
        {
            var paths = new PluginPaths([], Path.Combine(own, "state"), Path.Combine(own, "run"));
            using var channel = new LazyChannel(plugin, paths, new CircuitBreaker(TimeProvider.System, int.MaxValue));
            if (_list.Try("starts, and says hello, in time", () => Start(plugin, channel)))
            {
                if (plugin.Manifest.Kinds.Contains(DriverKind.Network))
                {
                    new NetworkConformance(plugin.Manifest, new NetworkPlugin(plugin.Manifest, channel), _list).Run();
                }

                if (plugin.Manifest.Kinds.Contains(DriverKind.Volume))
                {
                    var folders = new[] { paths.StateRoot, paths.RunRoot };
                    new VolumeConformance(plugin.Manifest, new VolumePlugin(plugin.Manifest, channel), folders, _list).Run();
                }

                _list.Try("ends when it is told to", () => End(channel));
            }
        }
        finally
        {
            if (Directory.Exists(own))
            {
                Directory.Delete(own, recursive: true);
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

    private ContainerPluginReport Report(string name) => new() { Name = name, Path = place.Path, Checks = _list.Checks };
}
