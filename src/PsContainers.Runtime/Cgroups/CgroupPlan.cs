using PsContainers.Oci.Runtime;
using PsContainers.Runtime.Devices;

namespace PsContainers.Runtime.Cgroups;

/// <summary>The control groups of one container as a list of directories to make, in this order, with what is written into each.</summary>
/// <param name="DeviceProgram">The eBPF program to attach to the container's version 2 group, where version 1 doesn't rule devices.</param>
public sealed record CgroupPlan(IReadOnlyList<CgroupDirectory> Directories, byte[]? DeviceProgram)
{
    /// <summary>The directory in which a controller counts and limits the container, or null.</summary>
    public CgroupDirectory? Find(string controller) =>
        Directories.FirstOrDefault(d => d.Role == CgroupRole.Container && d.Controllers.Contains(controller));

    /// <summary>The container's version 2 group, with cgroup.kill, cgroup.freeze and cgroup.events, or null.</summary>
    public CgroupDirectory? Unified => Directories.FirstOrDefault(d => d.Role == CgroupRole.Container && d.Unified);

    /// <exception cref="InvalidSettingException">A limit contradicts itself or needs a controller that this machine lacks.</exception>
    public static CgroupPlan Build(CgroupHierarchies hierarchies, string path, LinuxResources? resources)
    {
        var parts = Parts(path);
        var wanted = resources ?? new LinuxResources();
        var requested = RequestedControllers.Of(wanted);
        foreach (var (controller, setting) in requested)
        {
            if (!hierarchies.V1.ContainsKey(controller)
                && !hierarchies.UnifiedControllers.Contains(RequestedControllers.InVersion2(controller)))
            {
                throw new InvalidSettingException(setting, $"this machine has no cgroup controller '{controller}'");
            }
        }

        var devices = DeviceRules.Effective(wanted.Devices);
        List<CgroupDirectory> directories =
        [
            .. V1.V1Groups.Directories(hierarchies, parts, wanted, requested.Keys, devices),
            .. V2.V2Groups.Directories(hierarchies, parts, wanted, requested.Keys),
        ];

        return new CgroupPlan(directories, Program(hierarchies, devices));
    }

    private static byte[]? Program(CgroupHierarchies hierarchies, DeviceRules devices)
    {
        if (devices.AllowsEverything || hierarchies.V1.ContainsKey("devices"))
        {
            return null;
        }

        return hierarchies.Unified is not null
            ? Devices.DeviceProgram.Compile(devices)
            : throw new InvalidSettingException("linux.resources.devices", "this machine has no cgroup controller 'devices'");
    }

    // Control groups outside the path given are none of ours, so nothing in it may climb.
    private static string[] Parts(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && path[0] == '/' && !parts.Any(p => p is "." or "..")
            ? parts
            : throw new InvalidSettingException("linux.cgroupsPath", $"'{path}' is not an absolute path below the root");
    }
}
