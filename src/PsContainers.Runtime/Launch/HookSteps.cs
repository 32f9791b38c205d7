using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>Where in the launch each kind of hook runs; those after it are the launcher's own lists.</summary>
internal static class HookSteps
{
    /// <summary>Once everything is mounted and nothing out of reach yet: the host's hooks, then those in the container's namespaces.</summary>
    internal static IEnumerable<LaunchStep> BeforePivot(Hooks? hooks)
    {
        LaunchStep[] host =
        [
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
