using PsContainers.Oci;

namespace PsContainers.Images.Registry.Configuration;

/// <summary>Where registries are, as registries.conf and the files beside it say. containers-registries.conf(5)</summary>
public sealed class RegistriesConfiguration
{
    private const string DockerHub = "docker.io";

    private readonly Dictionary<string, RegistryTable> _registries = [];
    private readonly Dictionary<string, string> _aliases = [];

    private RegistriesConfiguration()
    {
    }

    public static RegistriesConfiguration Empty { get; } = new();

    /// <summary>Where a name without a registry may be from; empty for Docker Hub alone.</summary>
    public IReadOnlyList<string> SearchRegistries { get; private set; } = [];

    public ShortNameMode ShortNameMode { get; private set; } = ShortNameMode.Permissive;

    /// <summary>Reads what is set on this machine for this user.</summary>
    public static RegistriesConfiguration Load() => Read(RegistriesFiles.OfUser(Environment.GetEnvironmentVariable));

    /// <summary>Reads files in this order; a later one says it better.</summary>
    public static RegistriesConfiguration Read(IEnumerable<string> paths)
    {
        var configuration = new RegistriesConfiguration();
        foreach (var path in paths)
        {
            configuration.Add(RegistriesFile.Parse(ReadFile(path), path), path);
        }

        return configuration;
    }

    internal static RegistriesConfiguration Parse(string text)
    {
        var configuration = new RegistriesConfiguration();
        configuration.Add(RegistriesFile.Parse(text, "registries.conf"), "registries.conf");
        return configuration;
    }

    /// <summary>The images that a name may mean, in the order to try: several where a short name is searched.</summary>
    /// <exception cref="FormatException">It is no name of an image.</exception>
    public IReadOnlyList<ImageReference> CandidatesFor(string name)
    {
        var completed = ImageReference.Parse(name);
        if (completed.Registry != DockerHub || IsQualified(name))
        {
            return [completed];
        }

        var repository = name.Split('@')[0];
        var tag = repository.IndexOf(':', StringComparison.Ordinal);
        repository = tag < 0 ? repository : repository[..tag];
        return _aliases.TryGetValue(repository, out var alias) ? [ImageReference.Parse(alias + name[repository.Length..])]
            : SearchRegistries.Count == 0 ? [completed]
            : [.. SearchRegistries.Select(registry => ImageReference.Parse($"{registry}/{name}"))];
    }

    /// <exception cref="RegistriesConfigurationException">The registry is blocked.</exception>
    internal RegistryEndpoints EndpointsFor(ImageReference image, bool isInsecure)
    {
        var name = $"{image.Registry}/{image.Repository}";
        if (Find(name) is not { } registry)
        {
            return new(RegistryEndpoint.Of(image.Registry, image.Repository, isInsecure), []);
        }

        if (registry.Blocked)
        {
            throw Blocked(image.Registry, registry.Key);
        }

        var mirrors = (registry.Mirror ?? [])
            .Where(mirror => IsFor(mirror, registry, image))
            .Select(mirror => Endpoint(Rewritten(name, registry, mirror.Location!), mirror.Insecure));
        return new(Endpoint(Rewritten(name, registry, registry.Location), registry.Insecure || isInsecure), [.. mirrors]);
    }

    /// <summary>A registry as a whole, where its name alone is redirected.</summary>
    /// <exception cref="RegistriesConfigurationException">The registry is blocked.</exception>
    internal RegistryEndpoint EndpointOf(string registry, bool isInsecure)
    {
        var settings = _registries.GetValueOrDefault(registry);
        var location = settings?.Location is { Length: > 0 } given ? given : registry;
        return settings?.Blocked == true
            ? throw Blocked(registry, registry)
            : Endpoint($"{location}/", settings?.Insecure == true || isInsecure);
    }

    private static RegistriesConfigurationException Blocked(string registry, string key) =>
        new($"registry {registry}: {key} is blocked in registries.conf");

    // Docker's and our own completion take it for a part of the name; it stands there, so it was meant.
    private static bool IsQualified(string name) =>
        name.StartsWith("docker.io/", StringComparison.Ordinal) || name.StartsWith("index.docker.io/", StringComparison.Ordinal);

    private static bool IsFor(MirrorTable mirror, RegistryTable registry, ImageReference image) => mirror.PullFromMirror switch
    {
        "digest-only" => image.Digest is not null,
        "tag-only" => image.Digest is null,
        _ => !registry.MirrorByDigestOnly || image.Digest is not null,
    };

    private static RegistryEndpoint Endpoint(string name, bool isInsecure)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return RegistryEndpoint.Of(name[..slash], name[(slash + 1)..], isInsecure);
    }

    // A wildcard stands for the whole host.
    private static string Rewritten(string name, RegistryTable registry, string? location)
    {
        var isWildcard = registry.Key.StartsWith("*.", StringComparison.Ordinal);
        var replaced = isWildcard ? name.IndexOf('/', StringComparison.Ordinal) : registry.Key.Length;
        var rewritten = string.IsNullOrEmpty(location) ? name : location.TrimEnd('/') + name[replaced..];
        return rewritten.Contains('/', StringComparison.Ordinal)
            ? rewritten
            : throw new RegistriesConfigurationException(
                $"registry {name}: the location {location} in registries.conf names no repository");
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RegistriesConfigurationException($"{path} cannot be read: {e.Message}");
        }
    }

    private RegistryTable? Find(string name) => _registries.Values
        .Where(registry => Matches(name, registry.Key))
        .MaxBy(registry => registry.Key.Length);

    private static bool Matches(string name, string prefix) => prefix.StartsWith("*.", StringComparison.Ordinal)
        ? name[..name.IndexOf('/', StringComparison.Ordinal)].EndsWith(prefix[1..], StringComparison.Ordinal)
        : name == prefix || name.StartsWith($"{prefix}/", StringComparison.Ordinal);

    private void Add(RegistriesFile file, string path)
    {
        SearchRegistries = file.UnqualifiedSearchRegistries ?? SearchRegistries;
        ShortNameMode = file.ShortNameMode switch
        {
            null or "" => ShortNameMode,
            "enforcing" => ShortNameMode.Enforcing,
            "permissive" => ShortNameMode.Permissive,
            "disabled" => ShortNameMode.Disabled,
            var other => throw new RegistriesConfigurationException($"{path}: short-name-mode '{other}' is not known"),
        };
        foreach (var registry in file.Registry ?? [])
        {
            _registries[registry.Key] = registry;
        }

        foreach (var (alias, name) in file.Aliases ?? [])
        {
            _aliases[alias] = name;
        }
    }
}
