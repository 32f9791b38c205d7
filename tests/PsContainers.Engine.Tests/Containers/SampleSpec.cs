using PsContainers.Engine.Containers;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Tests.Containers;

/// <summary>Specifications as the engine would launch by them, on a machine where another container's process is 42.</summary>
internal static class SampleSpec
{
    public static RuntimeSpec Of(
        ContainerSettings settings, string? id = null, params IReadOnlyList<Mount> mounts) => RuntimeSpecBuilder.Build(
        new SpecSurroundings(
            id ?? Sample.Id("c0ffee"),
            "/run/pscontainers/rootfs",
            "/run/c",
            settings.Network == NetworkMode.Container ? "/run/other" : "/run/c",
            settings.Network == NetworkMode.Networks ? "/proc/41/fd/7" : null,
            "/opt/psc-runtime",
            mounts,
            (other, type) => new LinuxNamespace(type, $"/proc/42/ns/{type}/{other}")),
        settings);
}
