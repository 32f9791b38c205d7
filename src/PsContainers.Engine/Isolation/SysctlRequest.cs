using PsContainers.Engine.Errors;
using PsContainers.Engine.Networks;

namespace PsContainers.Engine.Isolation;

/// <summary>Kernel parameters for a container: only those that each namespace has for itself, as any other would be the host's.</summary>
/// <remarks>https://docs.docker.com/reference/cli/docker/container/run/#sysctl, ipc_namespaces(7), network_namespaces(7)</remarks>
internal static class SysctlRequest
{
    private static readonly string[] _ofIpc =
    [
        "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
        "kernel.shm_rmid_forced",
    ];

    /// <exception cref="ContainerEngineException">InvalidSysctl</exception>
    public static void Check(IReadOnlyDictionary<string, string>? parameters, NamespaceOrigin ipc, NetworkMode network)
    {
        foreach (var (name, value) in parameters ?? new Dictionary<string, string>())
        {
            if (Fault(name.Replace('/', '.'), value, ipc, network) is { } cause)
            {
                throw EngineErrors.InvalidSysctl(name, cause);
            }
        }
    }

    private static string? Fault(string name, string value, NamespaceOrigin ipc, NetworkMode network)
    {
        if (name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal) || name.Split('.').Contains(""))
        {
            return "is not the name or value of a kernel parameter";
        }

        if (_ofIpc.Contains(name) || name.StartsWith("fs.mqueue.", StringComparison.Ordinal))
        {
            return ipc == NamespaceOrigin.Private ? null : "belongs to an IPC namespace, and the container has none of its own";
        }

        if (name.StartsWith("net.", StringComparison.Ordinal))
        {
            return network switch
            {
                NetworkMode.None or NetworkMode.Networks => null,
                NetworkMode.Host => "belongs to the network, which is the host's here",
                _ => "belongs to the network, and the container has none of its own",
            };
        }

        return "is the whole host's, not the container's";
    }
}
