using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Launch;

/// <summary>The `cgroup` mount of the specification: the container's own groups, and nothing above them.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config-linux.md#control-groups</remarks>
internal static class CgroupMount
{
    /// <param name="hasNamespace">
    /// Without a cgroup namespace a mount would show the host's whole tree: the container's groups are bound from the host instead.
    /// </param>
    internal static IEnumerable<LaunchStep> Build(string target, MountOptions options, CgroupPlan plan, bool hasNamespace)
    {
        var own = plan.Directories.Where(directory => directory.Role == CgroupRole.Container).ToArray();
        if (own.Length == 0)
        {
            return [];
        }

        if (own is [{ Unified: true } unified])
        {
            return hasNamespace
                ? [new MountFileSystem("cgroup2", "cgroup2", target, options.FreshFlags, null)]
                : [Bind(unified, target, options, options.Attributes)];
        }

        return Hierarchies(target, options, own, hasNamespace);
    }

    // Version 1: a tmpfs with a mount per hierarchy, as on a host; version 2 shows as `unified` where both are in use.
    private static List<LaunchStep> Hierarchies(string target, MountOptions options, CgroupDirectory[] own, bool hasNamespace)
    {
        var flags = options.FreshFlags & ~MountFlags.ReadOnly;
        List<LaunchStep> steps = [new MountFileSystem("tmpfs", "tmpfs", target, flags, "mode=755")];
        foreach (var directory in own)
        {
            var name = directory.Unified ? "unified" : string.Join(',', directory.Controllers);
            var place = $"{target.TrimEnd('/')}/{name}";
            steps.Add((directory.Unified, hasNamespace) switch
            {
                (_, false) => Bind(directory, place, options, options.Attributes.Without(MountAttributes.ReadOnly)),
                (true, _) => new MountFileSystem("cgroup2", "cgroup2", place, flags, null),
                _ => new MountFileSystem("cgroup", "cgroup", place, flags, name),
            });
            steps.AddRange(directory.Unified || directory.Controllers.Count < 2
                ? []
                : directory.Controllers.Select(controller => new MakeSymlink(name, $"{target.TrimEnd('/')}/{controller}")));
        }

        if (options.FreshFlags.HasFlag(MountFlags.ReadOnly))
        {
            steps.Add(new SetTargetAttributes(target, default(AttributeChange).With(MountAttributes.ReadOnly), Recursive: true));
        }

        return steps;
    }

    private static BindMount Bind(CgroupDirectory directory, string target, MountOptions options, AttributeChange attributes) =>
        new(directory.Path, target)
        {
            Attributes = attributes,
            RecursiveAttributes = options.Recursive,
            Containment = MountFlags.Private,
        };
}
