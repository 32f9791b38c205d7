namespace PsContainers.Runtime.Launch;

/// <summary>linux.mountLabel: the SELinux context of every file on the container's own file systems. mount(8), "context="</summary>
internal static class MountLabel
{
    // They label their files themselves and refuse the option.
    private static readonly HashSet<string> _selfLabeled = ["proc", "sysfs", "mqueue", "cgroup", "cgroup2", "bpf", "debugfs", "tracefs"];

    internal static IReadOnlyList<LaunchStep> Apply(IReadOnlyList<LaunchStep> steps, string? label) =>
        label is null or "" ? steps : Apply(steps, label, SecurityModules.OfThisMachine);

    internal static IReadOnlyList<LaunchStep> Apply(IReadOnlyList<LaunchStep> steps, string label, SecurityModules modules)
    {
        SecurityLabel.Require(modules.SeLinux, "linux.mountLabel", "SELinux");
        if (label.Any(c => c == '"' || char.IsControl(c)))
        {
            throw new InvalidSettingException("linux.mountLabel", "contains a quote or a control character");
        }

        // In quotes, since the categories of a label are separated by commas, too.
        return
        [
            .. steps.Select(step => step is MountFileSystem mount && Takes(mount) ? mount with { Data = Add(mount.Data, label) } : step),
        ];
    }

    private static bool Takes(MountFileSystem mount) =>
        !_selfLabeled.Contains(mount.Type) && mount.Data?.Contains("context=", StringComparison.Ordinal) is not true;

    private static string Add(string? data, string label) => data is null or "" ? $"context=\"{label}\"" : $"{data},context=\"{label}\"";
}
