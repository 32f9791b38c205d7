using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups;

/// <summary>The rdma controller, the same in both versions. https://docs.kernel.org/admin-guide/cgroup-v1/rdma.html</summary>
internal static class RdmaController
{
    public static IEnumerable<CgroupWrite> Writes(IReadOnlyDictionary<string, LinuxRdma> devices) =>
        devices.Select(device => new CgroupWrite(
            "rdma.max", $"{device.Key}{Limit("hca_handle", device.Value.HcaHandles)}{Limit("hca_object", device.Value.HcaObjects)}"));

    private static string Limit(string name, uint? value) =>
        value is null ? "" : string.Create(CultureInfo.InvariantCulture, $" {name}={value}");
}
