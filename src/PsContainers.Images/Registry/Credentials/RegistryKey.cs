namespace PsContainers.Images.Registry.Credentials;

/// <summary>The names that credentials are kept under: a registry, or a repository or a path that begins its name.</summary>
internal static class RegistryKey
{
    private const string DockerHub = "docker.io";

    // What Docker calls its hub, for a reason of its history.
    private const string DockerHubServer = "https://index.docker.io/v1/";

    internal static string RegistryOf(string repository) => repository.Split('/', 2)[0];

    /// <summary>The key that says most about the repository; null when none is about it.</summary>
    internal static string? Find(IEnumerable<string> keys, string repository) => keys
        .Select(key => (Key: key, Name: Normalized(key)))
        .Where(key => repository == key.Name || repository.StartsWith($"{key.Name}/", StringComparison.Ordinal))
        // A key that is written as we would is preferred to one with a scheme.
        .OrderByDescending(key => key.Name.Length)
        .ThenByDescending(key => key.Key == key.Name)
        .Select(key => key.Key)
        .FirstOrDefault();

    /// <summary>The key of exactly this name: the one that is there, or a new one.</summary>
    internal static string StoredAs(IEnumerable<string> keys, string name) =>
        keys.OrderByDescending(key => key == name).FirstOrDefault(key => Normalized(key) == name) ?? name;

    /// <summary>What a helper may know the registry by, the usual one first.</summary>
    internal static IReadOnlyList<string> HelperServers(string repository) =>
        RegistryOf(repository) == DockerHub ? [DockerHubServer, DockerHub] : [RegistryOf(repository)];

    private static string Normalized(string key)
    {
        var name = key;
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://"])
        {
            name = name.StartsWith(scheme, StringComparison.Ordinal) ? name[scheme.Length..] : name;
        }

        // With a scheme it is an address, whose path is the version of the protocol.
        name = name.Length < key.Length || name.EndsWith("/v1/", StringComparison.Ordinal) ? RegistryOf(name) : name.TrimEnd('/');
        return name is "index.docker.io" or "registry-1.docker.io" ? DockerHub : name;
    }
}
