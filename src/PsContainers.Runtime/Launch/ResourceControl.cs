using PsContainers.Linux;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>linux.intelRdt: a class of service of the resctrl file system, made before the container and entered by it.</summary>
/// <remarks>
/// https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#intelrdt,
/// https://docs.kernel.org/filesystems/resctrl.html. A group is a directory with `schemata` and `tasks`, like a cgroup.
/// </remarks>
internal sealed record ResourceControl(IReadOnlyList<LaunchStep> Supervisor, IReadOnlyList<LaunchStep> Container)
{
    internal static ResourceControl? Build(LinuxIntelRdt? settings, string id) => settings is null
        ? null
        : Build(settings, id, MountInfo.OfSelf().FirstOrDefault(mount => mount.FileSystem == "resctrl")?.MountPoint);

    internal static ResourceControl Build(LinuxIntelRdt settings, string id, string? root)
    {
        if (root is null)
        {
            throw new InvalidSettingException("linux.intelRdt", "this machine has no resctrl file system");
        }

        var name = settings.ClosId is { Length: > 0 } chosen ? Name(chosen) : id;
        var group = name == "/" ? root : $"{root}/{name}";
        var schemata = Schemata(settings);
        var isThere = Directory.Exists(group);
        if (settings.ClosId is { Length: > 0 } && schemata.Length == 0 && !isThere)
        {
            throw new InvalidSettingException(
                "linux.intelRdt.closID", $"{group} does not exist, and there are no schemata to make it with");
        }

        if (isThere && schemata.Length > 0)
        {
            Compare(settings, $"{group}/schemata");
        }

        // One that was asked for by name stays; the container's own goes with it.
        List<LaunchStep> steps = isThere ? [] : [new MakeCgroup(group, Shared: settings.ClosId is { Length: > 0 })];
        if (schemata.Length > 0)
        {
            steps.Add(new WriteFile($"{group}/schemata", schemata));
        }

        List<LaunchStep> entering = [new JoinCgroup($"{group}/tasks")];
        if (settings.EnableMonitoring is true)
        {
            steps.Add(new MakeCgroup($"{group}/mon_groups/{id}"));
            entering.Add(new JoinCgroup($"{group}/mon_groups/{id}/tasks"));
        }

        return new ResourceControl(steps, entering);
    }

    private static string Name(string chosen) => chosen != "/" && (chosen is "." or ".." || chosen.Contains('/', StringComparison.Ordinal))
        ? throw new InvalidSettingException("linux.intelRdt.closID", $"'{chosen}' is not the name of a directory")
        : chosen;

    private static string Schemata(LinuxIntelRdt settings)
    {
        if (settings.MemBwSchema is { Length: > 0 } bandwidth && !bandwidth.StartsWith("MB:", StringComparison.Ordinal))
        {
            throw new InvalidSettingException("linux.intelRdt.memBwSchema", $"'{bandwidth}' does not start with MB:");
        }

        return string.Concat(Lines(settings).Select(line => line.Text + "\n"));
    }

    // In the order that the specification asks for.
    private static IEnumerable<(string Setting, string Text)> Lines(LinuxIntelRdt settings)
    {
        var lines = new[] { ("l3CacheSchema", settings.L3CacheSchema), ("memBwSchema", settings.MemBwSchema) }
            .Concat((settings.Schemata ?? []).Select((line, i) => ($"schemata[{i}]", (string?)line)));
        foreach (var (member, line) in lines)
        {
            if (line is { Length: > 0 })
            {
                yield return line.Contains('\n', StringComparison.Ordinal)
                    ? throw new InvalidSettingException($"linux.intelRdt.{member}", "contains a line end")
                    : ($"linux.intelRdt.{member}", line);
            }
        }
    }

    private static void Compare(LinuxIntelRdt settings, string file)
    {
        var present = File.ReadLines(file).Select(line => line.Trim()).ToHashSet();
        if (Lines(settings).FirstOrDefault(line => !present.Contains(line.Text)) is { Text: { } text, Setting: var setting })
        {
            throw new InvalidSettingException(setting, $"'{text}' is not what {file} of the existing group says");
        }
    }
}
