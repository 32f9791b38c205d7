using PsContainers.Drivers;
using PsContainers.Plugins.Conformance;
using PsContainers.Plugins.Discovery;
using PsContainers.Plugins.Manifests;

namespace PsContainers.Plugins;

/// <summary>The plugins of a session. Nothing is loaded or started before it is needed.</summary>
/// <remarks>Thread safe. Disposing it ends all processes that it started.</remarks>
public sealed class PluginHost : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PluginPaths _paths;
    private readonly TimeProvider _time;
    private readonly RegisteredPlugins _registered;
    private readonly PluginSearch _search;
    private readonly Dictionary<string, OpenedPlugin> _opened = new(StringComparer.Ordinal);
    private bool _isDisposed;

    public PluginHost(PluginPaths paths)
        : this(paths, TimeProvider.System)
    {
    }

    internal PluginHost(PluginPaths paths, TimeProvider time)
    {
        _paths = paths;
        _time = time;
        _registered = new RegisteredPlugins(paths.Registered);
        _search = new PluginSearch(paths, _registered);
    }

    /// <summary>All plugins in the order of the search; one that is broken says why, and hides none of the others.</summary>
    public IReadOnlyList<ContainerPlugin> List() => [.. _search.All().Select(Describe)];

    /// <summary>The name of the driver for networks that name none: of the first plugin that says it is one.</summary>
    /// <exception cref="DriverException">There is none.</exception>
    public string DefaultNetworkDriver => Default(DriverKind.Network);

    /// <summary>The name of the driver for volumes that name none: of the first plugin that says it is one.</summary>
    /// <exception cref="DriverException">There is none.</exception>
    public string DefaultVolumeDriver => Default(DriverKind.Volume);

    /// <summary>The network driver of that name. Its plugin is loaded by the first call.</summary>
    /// <exception cref="DriverException">There is none, or its plugin can't be used.</exception>
    public NetworkPlugin NetworkDriver(string name) => Opened(name, DriverKind.Network).Network!;

    /// <summary>The volume driver of that name. Its plugin is loaded by the first call.</summary>
    /// <exception cref="DriverException">There is none, or its plugin can't be used.</exception>
    public VolumePlugin VolumeDriver(string name) => Opened(name, DriverKind.Volume).Volume!;

    /// <summary>Adds a plugin that lies in no plugin folder.</summary>
    /// <exception cref="DriverException">It can't be used, or its name is taken.</exception>
    public ContainerPlugin Register(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var plugin = ManifestReader.Read(path);
        _registered.Change(folders =>
        {
            var name = plugin.Manifest.Name;
            var owner = _search.All().FirstOrDefault(
                found => found.IsUsable && found.Name == name && found.Path != path && !found.Place.IsDockers);
            return owner is not null
                ? throw new DriverException($"plugin {name} of {path}: there is one of this name in {owner.Path}", DriverErrorKind.InUse)
                : folders.Contains(path) ? folders : [.. folders, path];
        });
        return Describe(new FoundPlugin(new PluginPlace(path, IsDockers: false), plugin, null, null));
    }

    /// <summary>Takes back <see cref="Register"/>; also of a plugin that is broken or gone.</summary>
    /// <param name="name">The plugin's name, or its folder.</param>
    /// <exception cref="DriverException">It is not registered.</exception>
    public void Unregister(string name)
    {
        string? removed = null;
        _registered.Change(folders =>
        {
            removed = folders.FirstOrDefault(folder => folder == Path.GetFullPath(name))
                ?? _search.All().FirstOrDefault(found => found.Name == name && folders.Contains(found.Path))?.Path
                ?? throw new DriverException($"plugin {name} is not registered", DriverErrorKind.InvalidRequest);
            return [.. folders.Where(folder => folder != removed)];
        });
        Close(removed!);
    }

    /// <summary>Tries a plugin against the contract, in folders of its own; what it connects is a namespace made for that.</summary>
    /// <param name="nameOrFolder">A plugin that was found, or any folder or socket, with a slash in its name.</param>
    /// <exception cref="DriverException">There is no such plugin; everything else stands in the report.</exception>
    public ContainerPluginReport Test(string nameOrFolder)
    {
        var place = nameOrFolder.Contains('/', StringComparison.Ordinal)
            ? PluginPlace.Of(Path.TrimEndingDirectorySeparator(Path.GetFullPath(nameOrFolder)))
            : _search.All().FirstOrDefault(found => found.Name == nameOrFolder)?.Place
                ?? throw new DriverException(
                    $"there is no plugin {nameOrFolder}; there are: {Names(_ => true)}", DriverErrorKind.InvalidRequest);
        return new PluginConformance(place, _paths.RunRoot).Run();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            foreach (var opened in _opened.Values)
            {
                opened.Channel.Dispose();
            }

            _opened.Clear();
        }
    }

    private string Default(string kind) =>
        _search.All().FirstOrDefault(found => found.Has(kind) && found.Plugin!.Manifest.IsDefault)?.Name
        ?? throw new DriverException($"no plugin has a {kind} driver to be used by default", DriverErrorKind.Unavailable, "driver");

    // A plugin with drivers of both kinds has one channel: one process, one object.
    private OpenedPlugin Opened(string name, string kind)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_opened.TryGetValue(name, out var opened))
            {
                return opened.Kinds.Contains(kind) ? opened : throw WithoutKind(name, kind);
            }

            var plugin = Find(name, kind);
            var manifest = plugin.Manifest;
            var channel = new LazyChannel(plugin, _paths, new CircuitBreaker(_time));
            opened = new OpenedPlugin(plugin.Path, manifest.Kinds, channel)
            {
                Network = manifest.Kinds.Contains(DriverKind.Network) ? new NetworkPlugin(manifest, channel) : null,
                Volume = manifest.Kinds.Contains(DriverKind.Volume) ? new VolumePlugin(manifest, channel) : null,
            };
            _opened.Add(name, opened);
            return opened;
        }
    }

    private void Close(string path)
    {
        lock (_gate)
        {
            if (_opened.FirstOrDefault(opened => opened.Value.Path == path) is { Key: { } name, Value: var opened })
            {
                _opened.Remove(name);
                opened.Channel.Dispose();
            }
        }
    }

    private PluginFolder Find(string name, string kind)
    {
        var all = _search.All();
        var named = all.Where(found => found.Name == name).ToList();
        if (named.FirstOrDefault(found => found.IsUsable) is { } usable)
        {
            return usable.Has(kind) ? usable.Plugin! : throw WithoutKind(name, kind);
        }

        if (named.FirstOrDefault(found => found.Refusal is not null) is { } broken)
        {
            throw broken.Refusal!;
        }

        throw new DriverException(
            $"there is no {kind} driver {name}; there are: {Names(found => found.Has(kind))}", DriverErrorKind.Unavailable, "driver");
    }

    private DriverException WithoutKind(string name, string kind) => new(
        $"the plugin {name} has no {kind} driver; there are: {Names(found => found.Has(kind))}", DriverErrorKind.Unavailable, "driver");

    private string Names(Func<FoundPlugin, bool> isMeant)
    {
        var names = string.Join(", ", _search.All().Where(found => found.IsUsable && isMeant(found)).Select(found => found.Name));
        return names.Length == 0 ? "none" : names;
    }

    private ContainerPlugin Describe(FoundPlugin found)
    {
        var manifest = found.Plugin?.Manifest;
        var (status, error) = StatusOf(found);
        return new ContainerPlugin
        {
            Name = found.Name,
            Version = manifest?.Version,
            Description = manifest?.Description,
            Kinds = manifest?.Kinds ?? [],
            Transport = manifest is null ? null : ManifestParser.NameOf(manifest.Transport),
            Path = found.Path,
            Status = status,
            Error = error,
        };
    }

    private (ContainerPluginStatus Status, string? Error) StatusOf(FoundPlugin found)
    {
        if (found.Refusal is { } refusal)
        {
            return (ContainerPluginStatus.Broken, refusal.Message);
        }

        if (found.ShadowedBy is { } other)
        {
            return (ContainerPluginStatus.Shadowed, $"the plugin in {other} comes first");
        }

        lock (_gate)
        {
            var channel = _opened.TryGetValue(found.Name, out var opened) && opened.Path == found.Path ? opened.Channel : null;
            return channel switch
            {
                { LastFailure: { } failure } => (ContainerPluginStatus.Broken, failure),
                { IsOpen: true } => (ContainerPluginStatus.Loaded, null),
                _ => (ContainerPluginStatus.Available, null),
            };
        }
    }

    /// <summary>A plugin that was asked for.</summary>
    private sealed record OpenedPlugin(string Path, IReadOnlyList<string> Kinds, LazyChannel Channel)
    {
        public NetworkPlugin? Network { get; init; }

        public VolumePlugin? Volume { get; init; }
    }
}
