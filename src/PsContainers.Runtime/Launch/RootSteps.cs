using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>The steps that build the container's mount tree, from the root to the last mask.</summary>
internal static class RootSteps
{
    private static readonly (string LinkTarget, string Target)[] _deviceLinks =
    [
        ("/proc/self/fd", "/dev/fd"),
        ("/proc/self/fd/0", "/dev/stdin"),
        ("/proc/self/fd/1", "/dev/stdout"),
        ("/proc/self/fd/2", "/dev/stderr"),
        ("pts/ptmx", "/dev/ptmx"),
    ];

    // runtime-spec, "Default Devices": supplied whatever linux.devices says.
    private static readonly LinuxDevice[] _defaultDevices =
    [
        Character("/dev/null", 1, 3),
        Character("/dev/zero", 1, 5),
        Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8),
        Character("/dev/urandom", 1, 9),
        Character("/dev/tty", 5, 0),
    ];

    internal static List<LaunchStep> Build(RuntimeSpec spec, LaunchOptions options)
    {
        // Nothing mounted from here on may reach the host, whatever the host's tree shares.
        var propagation = spec.Linux?.RootfsPropagation is { Length: > 0 } word
            ? MountOptions.ParsePropagation(word)
                ?? throw new InvalidSettingException("linux.rootfsPropagation", $"'{word}' is no propagation")
            : MountFlags.Private | MountFlags.Recursive;
        List<LaunchStep> steps =
        [
            new SetPropagation(
                propagation.HasFlag(MountFlags.Shared) ? MountFlags.Slave | MountFlags.Recursive : propagation | MountFlags.Recursive),
            .. RootMount.Build(options),
            new OpenRoot(options.RootPath),
        ];

        var mounts = spec.Mounts ?? [];
        for (var i = 0; i < mounts.Count; i++)
        {
            AddMount(steps, mounts[i], i, options);
        }

        if (mounts.Any(m => m.Destination.TrimEnd('/') == "/dev" && m.Type == "tmpfs"))
        {
            AddDevices(steps, spec);
        }

        // Last, so that a mask covers what was mounted above and no mount covers a mask.
        steps.AddRange((spec.Linux?.MaskedPaths ?? []).Select(path => new MaskPath(path)));
        steps.AddRange((spec.Linux?.ReadonlyPaths ?? []).Select(path => new ReadOnlyPath(path)));
        return steps;
    }

    private static void AddMount(List<LaunchStep> steps, Mount mount, int index, LaunchOptions launch)
    {
        if (!mount.Destination.StartsWith('/'))
        {
            throw new InvalidSettingException($"mounts[{index}].destination", $"'{mount.Destination}' is not an absolute path");
        }

        if (mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 })
        {
            throw new InvalidSettingException($"mounts[{index}].uidMappings", "id-mapped mounts are not supported by this version");
        }

        var options = MountOptions.Parse(mount.Options);
        if (mount.Type == "cgroup")
        {
            steps.AddRange(CgroupMount.Build(mount.Destination, options, launch.Cgroups));
        }
        else if (options.IsBind || mount.Type == "bind")
        {
            var source = mount.Source ?? throw new InvalidSettingException($"mounts[{index}].source", "a bind mount needs one");
            steps.Add(new BindMount(source, mount.Destination, options.IsRecursive, options.Attributes, Directory.Exists(source)));
        }
        else
        {
            var type = mount.Type ?? throw new InvalidSettingException($"mounts[{index}].type", "missing");
            steps.Add(new MountFileSystem(type, mount.Source ?? type, mount.Destination, options.Flags, options.Data));
        }

        if (options.Propagation != MountFlags.None)
        {
            steps.Add(new SetTargetPropagation(mount.Destination, options.Propagation));
        }
    }

    private static void AddDevices(List<LaunchStep> steps, RuntimeSpec spec)
    {
        var devices = spec.Linux?.Devices ?? [];
        steps.AddRange(_defaultDevices.Where(d => !devices.Any(other => other.Path == d.Path)).Concat(devices).Select(DeviceStep));
        steps.AddRange(_deviceLinks.Select(link => new MakeSymlink(link.LinkTarget, link.Target)));
    }

    private static MakeDevice DeviceStep(LinuxDevice device)
    {
        var type = device.Type switch
        {
            "c" or "u" => 0x2000u,
            "b" => 0x6000u,
            "p" => 0x1000u,
            _ => throw new InvalidSettingException("linux.devices", $"'{device.Type}' of {device.Path} is no device type"),
        };
        var mode = type | (device.FileMode ?? 0x1b6);
        return new MakeDevice(device.Path, mode, (uint)device.Major, (uint)device.Minor, device.Uid ?? 0, device.Gid ?? 0);
    }

    private static LinuxDevice Character(string path, long major, long minor) =>
        new() { Path = path, Type = "c", Major = major, Minor = minor };
}
