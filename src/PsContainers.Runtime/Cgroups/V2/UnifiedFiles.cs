using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V2;

/// <summary>Files of a version 2 group that config.json names itself.</summary>
internal static class UnifiedFiles
{
    public static IEnumerable<CgroupWrite> Writes(LinuxResources resources) =>
        (resources.Unified ?? new Dictionary<string, string>()).Select(entry => new CgroupWrite(entry.Key, entry.Value));

    /// <summary>The controllers that the named files belong to.</summary>
    public static IEnumerable<string> Controllers(LinuxResources resources, CgroupHierarchies hierarchies)
    {
        foreach (var file in (resources.Unified ?? new Dictionary<string, string>()).Keys)
        {
            var setting = $"linux.resources.unified.{file}";
            var dot = file.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || file.Contains('/', StringComparison.Ordinal))
            {
                throw new InvalidSettingException(setting, "not the name of a cgroup file");
            }

            // Files of the group itself: those that set limits are given, those that move processes or enable controllers are ours.
            var controller = file[..dot];
            if (controller == "cgroup")
            {
                if (!file.StartsWith("cgroup.max.", StringComparison.Ordinal))
                {
                    throw new InvalidSettingException(setting, "not a resource limit");
                }
            }
            else if (hierarchies.UnifiedControllers.Contains(controller))
            {
                yield return controller;
            }
            else
            {
                throw new InvalidSettingException(setting, $"this machine's cgroup version 2 has no controller '{controller}'");
            }
        }
    }
}
