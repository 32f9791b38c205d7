using PsContainers.Oci;

namespace PsContainers.Images.Registry;

/// <summary>Where a repository is: its registry itself, or a mirror of it.</summary>
/// <param name="Host">What to connect to, with its port where it has one.</param>
/// <param name="Name">The registry as users name it, which its credentials and certificates are kept under.</param>
/// <param name="Repository">As this host calls it; empty where none is meant.</param>
/// <param name="IsInsecure">Whether a certificate that nobody vouches for, or no TLS at all, will do.</param>
internal sealed record RegistryEndpoint(string Host, string Name, string Repository, bool IsInsecure)
{
    private const string DockerHub = "docker.io";

    /// <summary>The endpoint of `registry/repository`. Docker Hub's registry has another host than its name.</summary>
    internal static RegistryEndpoint Of(string registry, string repository, bool isInsecure) =>
        new(registry == DockerHub ? "registry-1.docker.io" : registry, registry, repository, isInsecure);

    /// <summary>Where the registry is searched.</summary>
    internal RegistryEndpoint Search => Name == DockerHub ? this with { Host = "index.docker.io" } : this;

    /// <summary>Whether it is a registry, or a registry and the begin of the names of repositories there.</summary>
    internal static bool IsLocation(string text)
    {
        var parts = text.TrimEnd('/').Split('/', 2);
        return ImageReference.IsRegistry(parts[0]) && (parts.Length == 1 || ImageReference.IsRepository(parts[1]));
    }

    public override string ToString() => Repository.Length == 0 ? Name : $"{Name}/{Repository}";
}
