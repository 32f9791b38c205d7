using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups.V2;

/// <summary>The hugetlb controller. https://docs.kernel.org/admin-guide/cgroup-v2.html#hugetlb</summary>
internal static class HugetlbController
{
    public static IEnumerable<CgroupWrite> Writes(IReadOnlyList<LinuxHugepageLimit> limits)
    {
        foreach (var limit in limits)
        {
            HugepageSize.Check(limit);
            yield return new CgroupWrite($"hugetlb.{limit.PageSize}.max", CgroupValue.Of(limit.Limit));
            yield return new CgroupWrite($"hugetlb.{limit.PageSize}.rsvd.max", CgroupValue.Of(limit.Limit), Optional: true);
        }
    }
}
