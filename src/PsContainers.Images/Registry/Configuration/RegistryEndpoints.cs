namespace PsContainers.Images.Registry.Configuration;

/// <summary>Where a repository is: in its registry, and in mirrors of it that are read first.</summary>
internal sealed record RegistryEndpoints(RegistryEndpoint Registry, IReadOnlyList<RegistryEndpoint> Mirrors);
