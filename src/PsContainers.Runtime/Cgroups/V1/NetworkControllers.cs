using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The controllers net_cls and net_prio, which only version 1 has.</summary>
internal static class NetworkControllers
{
    public static IEnumerable<CgroupWrite> Writes(string controller, LinuxNetwork network) => controller switch
    {
        "net_cls" when network.ClassId is { } id => [new CgroupWrite("net_cls.classid", CgroupValue.Of((ulong)id))],
        "net_prio" => (network.Priorities ?? []).Select(p =>
            new CgroupWrite("net_prio.ifpriomap", string.Create(CultureInfo.InvariantCulture, $"{p.Name} {p.Priority}"))),
        _ => [],
    };
}
