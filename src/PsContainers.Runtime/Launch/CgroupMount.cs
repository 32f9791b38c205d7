using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Launch;

/// <summary>The `cgroup` mount of the specification: the container's own groups, seen from its cgroup namespace.</summary>
internal static class CgroupMount
{
    internal static IEnumerable<LaunchStep> Build(string target, MountOptions options, CgroupPlan plan)
    {
        var own = plan.Directories.Where(directory => directory.Role == CgroupRole.Container).ToArray();
        if (own.Length == 0)
        {
            return [];
        }

        if (own is [{ Unified: true }])
        {
            return [new MountFileSystem("cgroup2", "cgroup2", target, options.Flags, null)];
        }

        // Version 1: a tmpfs with a mount per hierarchy, as on a host; version 2 shows as `unified` where both are in use.
        var flags = options.Flags & ~MountFlags.ReadOnly;
        List<LaunchStep> steps = [new MountFileSystem("tmpfs", "tmpfs", target, flags, "mode=755")];
        foreach (var directory in own)
        {
            var name = directory.Unified ? "unified" : string.Join(',', directory.Controllers);
            var mount = directory.Unified
                ? new MountFileSystem("cgroup2", "cgroup2", $"{target}/{name}", flags, null)
                : new MountFileSystem("cgroup", "cgroup", $"{target}/{name}", flags, name);
            steps.Add(mount);
            steps.AddRange(directory.Unified || directory.Controllers.Count < 2
                ? []
                : directory.Controllers.Select(controller => new MakeSymlink(name, $"{target}/{controller}")));
        }

        if (options.Flags.HasFlag(MountFlags.ReadOnly))
        {
            steps.Add(new SetTargetAttributes(target, MountAttributes.ReadOnly, Recursive: true));
        }

        return steps;
    }
}
