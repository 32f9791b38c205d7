using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>The steps that build the container's mount tree, from the root to the last mask.</summary>
internal static class RootSteps
{
    private const uint ProcFileSystem = 0x9fa0; // PROC_SUPER_MAGIC
    private const uint SysFileSystem = 0x62656572; // SYSFS_MAGIC

    internal static List<LaunchStep> Build(RuntimeSpec spec, LaunchOptions options)
    {
        var propagation = RootPropagation.Of(spec);
        var isPrepared = spec.Linux?.Namespaces?.Any(n => n.Type == LinuxNamespaceType.User) is true;
        LaunchStep[] root = isPrepared
            ? [new SetPropagation(MountFlags.Private | MountFlags.Recursive), new AttachRoot(options.RootPath)]
            : [.. propagation.Before(options), .. RootMount.Build(options), new OpenRoot(options.RootPath), .. propagation.OfRoot(options)];
        return
        [
            .. root,
            .. ContainerMounts.Build(spec, options, propagation),
            .. DeviceNodes.Build(spec),
            .. ContainerMounts.ReadOnlyAtLast(spec),

            // Last, so that a mask covers what was mounted above and no mount covers a mask.
            .. Paths(spec.Linux?.MaskedPaths, "linux.maskedPaths").Select(path => new MaskPath(path, FileSystemOf(spec, path))),
            .. Paths(spec.Linux?.ReadonlyPaths, "linux.readonlyPaths").Select(path => new ReadOnlyPath(path, FileSystemOf(spec, path))),
        ];
    }

    /// <summary>
    /// Enters the tree, and sets the propagation of its root: before, it would have been that of a mount on the host's tree.
    /// </summary>
    internal static List<LaunchStep> Pivot(RuntimeSpec spec, LaunchOptions options)
    {
        var propagation = RootPropagation.Of(spec);
        return [new PivotRoot(options.RootPath, propagation.IsHostShared), .. propagation.After()];
    }

    private static IReadOnlyList<string> Paths(IReadOnlyList<string>? paths, string setting)
    {
        for (var i = 0; i < (paths?.Count ?? 0); i++)
        {
            if (!paths![i].StartsWith('/'))
            {
                throw new InvalidSettingException($"{setting}[{i}]", $"'{paths[i]}' is not an absolute path");
            }
        }

        return paths ?? [];
    }

    // Where the specification mounts proc, a path below it must turn out to lie on proc: a mask that an image has lured elsewhere would
    // leave the real file in view (CVE-2019-16884).
    private static uint FileSystemOf(RuntimeSpec spec, string path)
    {
        var mount = (spec.Mounts ?? [])
            .Where(m => path.StartsWith(m.Destination.TrimEnd('/') + "/", StringComparison.Ordinal))
            .MaxBy(m => m.Destination.TrimEnd('/').Length);
        var isOnMountOfItsOwn = (spec.Mounts ?? []).Any(m => m.Destination.TrimEnd('/') == path.TrimEnd('/'));
        return (mount?.Type, isOnMountOfItsOwn || MountOptions.Parse(mount?.Options).IsBind) switch
        {
            ("proc", false) => ProcFileSystem,
            ("sysfs", false) => SysFileSystem,
            _ => 0,
        };
    }
}
