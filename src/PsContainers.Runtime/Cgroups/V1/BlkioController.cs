using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The blkio controller. https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html</summary>
internal static class BlkioController
{
    // Weights are the BFQ scheduler's since Linux 5.0 removed CFQ, and with it leaf weights.
    public static IEnumerable<CgroupWrite> Writes(LinuxBlockIo io)
    {
        if (io.LeafWeight is not null || io.WeightDevice?.Any(d => d.LeafWeight is not null) is true)
        {
            throw new InvalidSettingException("linux.resources.blockIO.leafWeight", "Linux has no leaf weights since version 5.0");
        }

        if (io.Weight is { } weight and not 0)
        {
            yield return new CgroupWrite("blkio.bfq.weight", CgroupValue.Of((ulong)weight));
        }

        foreach (var device in io.WeightDevice ?? [])
        {
            yield return Line("blkio.bfq.weight_device", device.Major, device.Minor, device.Weight ?? 0);
        }

        foreach (var (file, devices) in Throttles(io))
        {
            foreach (var device in devices ?? [])
            {
                yield return Line(file, device.Major, device.Minor, device.Rate);
            }
        }
    }

    private static IEnumerable<(string File, IReadOnlyList<LinuxThrottleDevice>? Devices)> Throttles(LinuxBlockIo io) =>
    [
        ("blkio.throttle.read_bps_device", io.ThrottleReadBpsDevice),
        ("blkio.throttle.write_bps_device", io.ThrottleWriteBpsDevice),
        ("blkio.throttle.read_iops_device", io.ThrottleReadIopsDevice),
        ("blkio.throttle.write_iops_device", io.ThrottleWriteIopsDevice),
    ];

    private static CgroupWrite Line(string file, long major, long minor, ulong value) =>
        new(file, string.Create(CultureInfo.InvariantCulture, $"{major}:{minor} {value}"));
}
