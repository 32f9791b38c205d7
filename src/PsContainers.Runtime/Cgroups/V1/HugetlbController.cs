using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V1;

/// <summary>The hugetlb controller. https://docs.kernel.org/admin-guide/cgroup-v1/hugetlb.html</summary>
internal static class HugetlbController
{
    public static IEnumerable<CgroupWrite> Writes(IReadOnlyList<LinuxHugepageLimit> limits)
    {
        foreach (var limit in limits)
        {
            HugepageSize.Check(limit);
            yield return new CgroupWrite($"hugetlb.{limit.PageSize}.limit_in_bytes", CgroupValue.Of(limit.Limit));

            // Reserved pages are counted since Linux 5.7; without this a process gets SIGBUS where it should get ENOMEM.
            yield return new CgroupWrite($"hugetlb.{limit.PageSize}.rsvd.limit_in_bytes", CgroupValue.Of(limit.Limit), Optional: true);
        }
    }
}
