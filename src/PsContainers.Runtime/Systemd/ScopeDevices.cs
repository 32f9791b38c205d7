using PsContainers.Runtime.Cgroups;

namespace PsContainers.Runtime.Systemd;

/// <summary>
/// The rules of version 1's devices controller as properties: without them systemd allows every device again whenever it reloads. In
/// version 2 there is nothing to tell: systemd's own program is one beside ours, and both must allow.
/// </summary>
internal static class ScopeDevices
{
    /// <param name="version">Before 240 a device number without a name in /proc/devices could not be said.</param>
    internal static IEnumerable<UnitProperty> Of(IReadOnlyList<CgroupWrite> written, int version)
    {
        // Just this can be said: nothing but what is named. A ban of some devices alone has no property.
        if (version < 240 || !written.Any(write => write is { File: "devices.deny", Value: "a" }))
        {
            yield break;
        }

        yield return new UnitProperty("DevicePolicy", "strict");
        yield return new UnitProperty(
            "DeviceAllow", written.Where(write => write.File == "devices.allow").Select(write => Entry(write.Value)).ToArray());
    }

    // `c 1:3 rwm`, where * is any number. systemd.resource-control(5), DeviceAllow=
    private static (string Device, string Access) Entry(string rule)
    {
        var words = rule.Split(' ', ':');
        var kind = words[0] == "c" ? "char" : "block";
        return (words[2] == "*" ? $"{kind}-{words[1]}" : $"/dev/{kind}/{words[1]}:{words[2]}", words[3]);
    }
}
