using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>The specification's mounts, in its order.</summary>
/// <remarks>https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#mounts</remarks>
internal static class ContainerMounts
{
    private static readonly char[] _slash = ['/'];

    internal static List<LaunchStep> Build(RuntimeSpec spec, LaunchOptions launch, RootPropagation root)
    {
        var steps = new List<LaunchStep>();
        var mounts = spec.Mounts ?? [];
        for (var i = 0; i < mounts.Count; i++)
        {
            var options = MountOptions.Parse(mounts[i].Options);
            Check(mounts[i], options, $"mounts[{i}]");
            steps.AddRange(Step(spec, launch, root, mounts[i], options, $"mounts[{i}]"));
        }

        return steps;
    }

    /// <summary>A read-only tmpfs is made read-only when what lies on it has its places.</summary>
    internal static IEnumerable<LaunchStep> ReadOnlyAtLast(RuntimeSpec spec) =>
        from mount in spec.Mounts ?? []
        let options = MountOptions.Parse(mount.Options)
        where IsLateReadOnly(mount, options)
        select new SetTargetAttributes(mount.Destination, default(AttributeChange).With(MountAttributes.ReadOnly), Recursive: false);

    private static bool IsLateReadOnly(Mount mount, MountOptions options) =>
        mount.Type == "tmpfs" && !options.IsBind && !options.IsRemount && options.FreshFlags.HasFlag(MountFlags.ReadOnly);

    private static void Check(Mount mount, MountOptions options, string setting)
    {
        if (!mount.Destination.StartsWith('/'))
        {
            throw new InvalidSettingException($"{setting}.destination", $"'{mount.Destination}' is not an absolute path");
        }

        var names = mount.Destination.Split(_slash, StringSplitOptions.RemoveEmptyEntries);
        if (names.All(name => name is "." or ".."))
        {
            throw new InvalidSettingException(
                $"{setting}.destination", "nothing can be mounted on the root itself: it is what root.path says");
        }

        var isBind = options.IsBind || mount.Type == "bind";
        if (isBind && options.Own.Count > 0)
        {
            // The kernel would pass over them in silence: they belong to the file system, which was mounted by somebody else.
            throw new InvalidSettingException(
                $"{setting}.options", $"a bind mount cannot have '{string.Join(',', options.Own)}', which is for a file system");
        }

        if (!isBind && (options.IsIdMapped || mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 }))
        {
            throw new InvalidSettingException($"{setting}.uidMappings", "only the ids of a bind mount can be mapped");
        }

        PartMount.Check(mount, options, setting);
        if (options.CopiesUp && (isBind || mount.Type != "tmpfs"))
        {
            throw new InvalidSettingException($"{setting}.options", "'tmpcopyup' is for a tmpfs");
        }
    }

    private static IEnumerable<LaunchStep> Step(
        RuntimeSpec spec, LaunchOptions launch, RootPropagation root, Mount mount, MountOptions options, string setting)
    {
        if (options.IsBind || mount.Type == "bind")
        {
            return options.IsRemount
                ? [.. Remount(mount, options), .. Propagation(mount, options.Propagation)]
                : [Bind(spec, launch, root, mount, options, setting), .. Propagation(mount, options.Propagation.Skip(1))];
        }

        IEnumerable<LaunchStep> steps = mount.Type switch
        {
            null or "" => throw new InvalidSettingException($"{setting}.type", "missing"),
            _ when PartMount.IsWanted(mount) => HasUserNamespace(spec)
                ? [PartMount.Part(mount, options, launch)]
                : PartMount.Build(mount, options, launch),
            "cgroup" or "cgroup2" => CgroupMount.Build(mount.Destination, options, launch.Cgroups, HasCgroupNamespace(spec)),
            "tmpfs" when !options.IsRemount => [Tmpfs(mount, options)],
            var type => [new MountFileSystem(type, mount.Source ?? type, mount.Destination, options.FreshFlags, options.Data)],
        };
        return [.. steps, .. Propagation(mount, options.Propagation)];
    }

    private static BindMount Bind(
        RuntimeSpec spec, LaunchOptions launch, RootPropagation root, Mount mount, MountOptions options, string setting) =>
        new(Source(mount, launch, setting), mount.Destination)
        {
            Recursive = options.IsRecursive,
            Attributes = options.Attributes,
            RecursiveAttributes = options.Recursive,
            Containment = root.Containment(options),
            Propagation = options.Propagation.Count > 0 ? options.Propagation[0] : MountFlags.None,
            Subpath = mount.Subpath,
            IdMap = MountIdMap.Of(mount, options, spec.Linux, setting),
        };

    private static string Source(Mount mount, LaunchOptions launch, string setting)
    {
        if (string.IsNullOrEmpty(mount.Source))
        {
            throw new InvalidSettingException($"{setting}.source", "a bind mount needs one");
        }

        if (mount.Source.StartsWith('/'))
        {
            return mount.Source;
        }

        return launch.Bundle is { } bundle
            ? Path.Join(bundle, mount.Source)
            : throw new InvalidSettingException($"{setting}.source", $"'{mount.Source}' is not an absolute path, and there is no bundle");
    }

    // `remount` with `bind` changes the flags of the mount that is there.
    private static List<LaunchStep> Remount(Mount mount, MountOptions options)
    {
        var steps = new List<LaunchStep>();
        if (!options.Attributes.IsNone)
        {
            steps.Add(new SetTargetAttributes(mount.Destination, options.Attributes, Recursive: false));
        }

        if (!options.Recursive.IsNone)
        {
            steps.Add(new SetTargetAttributes(mount.Destination, options.Recursive, Recursive: true));
        }

        return steps;
    }

    private static LaunchStep Tmpfs(Mount mount, MountOptions options)
    {
        var source = mount.Source ?? "tmpfs";
        var hasMode = options.Own.Any(o => o.StartsWith("mode=", StringComparison.Ordinal));
        var flags = options.FreshFlags & ~MountFlags.ReadOnly;
        if (!options.CopiesUp)
        {
            return new MountFileSystem("tmpfs", source, mount.Destination, flags, options.Data, CopiesMode: !hasMode);
        }

        var hasOwner = options.Own.Any(
            o => o.StartsWith("uid=", StringComparison.Ordinal) || o.StartsWith("gid=", StringComparison.Ordinal));
        var attributes = options.Attributes.Set | options.Recursive.Set;
        return new MountCopy(
            source, mount.Destination, attributes & ~MountAttributes.ReadOnly,
            [("source", source), .. options.Own.Select(RootMount.KeyValue)], !hasMode, !hasOwner);
    }

    private static IEnumerable<LaunchStep> Propagation(Mount mount, IEnumerable<MountFlags> flags) =>
        flags.Select(flag => new SetTargetPropagation(mount.Destination, flag));

    private static bool HasCgroupNamespace(RuntimeSpec spec) => HasNamespace(spec, LinuxNamespaceType.Cgroup);

    private static bool HasUserNamespace(RuntimeSpec spec) => HasNamespace(spec, LinuxNamespaceType.User);

    private static bool HasNamespace(RuntimeSpec spec, LinuxNamespaceType type) =>
        (spec.Linux?.Namespaces ?? []).Any(n => n.Type == type);
}
