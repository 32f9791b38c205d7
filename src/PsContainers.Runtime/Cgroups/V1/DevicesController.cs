using PsContainers.Runtime.Devices;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The devices controller. https://docs.kernel.org/admin-guide/cgroup-v1/devices.html</summary>
internal static class DevicesController
{
    public static IEnumerable<CgroupWrite> Writes(DeviceRules rules)
    {
        // A group starts with what its parent allows, so only a ban of everything has to be said.
        if (!rules.AllowByDefault)
        {
            yield return new CgroupWrite("devices.deny", "a");
        }

        foreach (var exception in rules.Exceptions())
        {
            yield return new CgroupWrite(exception.Allow ? "devices.allow" : "devices.deny", exception.ToString());
        }
    }
}
