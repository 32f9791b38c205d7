using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Containers;

/// <summary>What a container's specification takes from the machine and the moment, and not from its settings.</summary>
/// <param name="Root">Where the root file system is mounted, for whoever reads the specification later.</param>
/// <param name="RunDirectory">Holds the files that are bound into the container.</param>
/// <param name="Launcher">The program <c>psc-runtime</c>, which can be a container's init.</param>
/// <param name="NetworkPath">The network namespace that was made for the container; null when it needs none.</param>
/// <param name="NetworkDirectory">
/// Holds the files that go with its network: <paramref name="RunDirectory"/>, or another container's.
/// </param>
/// <param name="Mounts">What the container was made with, in the order of mounting.</param>
/// <param name="NamespaceOf">The namespace of a kind that another container has, by that one's id.</param>
internal sealed record SpecSurroundings(
    string Id,
    string Root,
    string RunDirectory,
    string NetworkDirectory,
    string? NetworkPath,
    string Launcher,
    IReadOnlyList<Mount> Mounts,
    Func<string, LinuxNamespaceType, LinuxNamespace> NamespaceOf);
