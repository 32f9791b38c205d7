using System.Globalization;
using PsContainers.Engine.Errors;
using PsContainers.Engine.Networks;
using PsContainers.Engine.Runs;
using PsContainers.Engine.Store;
using PsContainers.Oci.Runtime;

namespace PsContainers.Engine.Isolation;

/// <summary>Finds the containers whose namespaces others share: by name when one is made, by process when it starts.</summary>
internal sealed class NamespaceSources(EnginePaths paths, ContainerTable containers)
{
    /// <summary>The settings with other containers named by their ids, which stay theirs.</summary>
    public static ContainerSettings ById(ContainerSettings settings, Func<string, string> idOf)
    {
        return settings with
        {
            PidNamespace = Named(settings.PidNamespace),
            IpcNamespace = Named(settings.IpcNamespace),
            NetworkSource = settings.Network == NetworkMode.Container ? idOf(settings.NetworkSource!) : settings.NetworkSource,
        };

        string Named(string? text)
        {
            var choice = NamespaceChoice.Parse("namespace", text);
            return (choice.Container is { } container ? choice with { Container = idOf(container) } : choice).ToString();
        }
    }

    /// <summary>The namespace to join, as a path that is good while that container runs.</summary>
    public LinuxNamespace Of(string container, LinuxNamespaceType type)
    {
        // namespaces(7): /proc/PID/ns/pid, ipc, net.
        var kind = type == LinuxNamespaceType.Network ? "net" : type.ToString().ToLowerInvariant();
        var name = containers.Find(container)?.Name ?? throw EngineErrors.ContainerNotFound(container);
        return RunObservation.Of(paths.RunDirectory(container)) is { Vitality: Vitality.Alive, State: { } state }
            ? new LinuxNamespace(type, string.Create(CultureInfo.InvariantCulture, $"/proc/{state.Pid}/ns/{kind}"))
            : throw EngineErrors.ContainerNotRunning(name);
    }
}
