using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>What happens once everything is mounted and nothing is out of reach yet.</summary>
internal static class HostRequests
{
    /// <summary>From outside: links moved in, the host's hooks. Then the hooks in the container's own namespaces.</summary>
    internal static IEnumerable<LaunchStep> BeforePivot(RuntimeSpec spec)
    {
        var hooks = spec.Hooks;
        LaunchStep[] host =
        [
            .. NetworkDeviceSteps.Build(spec),
            .. RunHook.All(hooks?.Prestart, "prestart", HookStatus.Creating),
            .. RunHook.All(hooks?.CreateRuntime, "createRuntime", HookStatus.Creating),
        ];
        if (host.Length > 0)
        {
            yield return new AskHost(host);
        }

        foreach (var step in RunHook.All(hooks?.CreateContainer, "createContainer", HookStatus.Creating))
        {
            yield return step;
        }
    }
}
