using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V2;

/// <summary>The io controller. https://docs.kernel.org/admin-guide/cgroup-v2.html#io</summary>
internal static class IoController
{
    public static IEnumerable<CgroupWrite> Writes(LinuxBlockIo io)
    {
        if (io.LeafWeight is not null || io.WeightDevice?.Any(d => d.LeafWeight is not null) is true)
        {
            throw new InvalidSettingException("linux.resources.blockIO.leafWeight", "cgroup version 2 has no such setting");
        }

        if (io.Weight is { } weight and not 0)
        {
            yield return new CgroupWrite("io.weight", CgroupValue.Of(Weight(weight)));
        }

        foreach (var device in io.WeightDevice ?? [])
        {
            yield return Line("io.weight", device.Major, device.Minor, CgroupValue.Of(Weight(device.Weight ?? 0)));
        }

        foreach (var (key, devices) in Throttles(io))
        {
            foreach (var device in devices ?? [])
            {
                // In version 1 a rate of nought lifts the limit; version 2 would refuse it.
                var rate = device.Rate == 0 ? "max" : CgroupValue.Of(device.Rate);
                yield return Line("io.max", device.Major, device.Minor, $"{key}={rate}");
            }
        }
    }

    // From version 1's 10 to 1000 in a straight line, as runc and crun do.
    private static ulong Weight(ushort weight) => 1 + ((Math.Clamp(weight, 10UL, 1000UL) - 10) * 9999 / 990);

    private static IEnumerable<(string Key, IReadOnlyList<LinuxThrottleDevice>? Devices)> Throttles(LinuxBlockIo io) =>
    [
        ("rbps", io.ThrottleReadBpsDevice),
        ("wbps", io.ThrottleWriteBpsDevice),
        ("riops", io.ThrottleReadIopsDevice),
        ("wiops", io.ThrottleWriteIopsDevice),
    ];

    private static CgroupWrite Line(string file, long major, long minor, string value) =>
        new(file, string.Create(CultureInfo.InvariantCulture, $"{major}:{minor} {value}"));
}
