using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Cgroups;

/// <summary>A page size such as <c>2MB</c> becomes part of a file's name, so only digits and a unit may be in it.</summary>
internal static class HugepageSize
{
    public static void Check(LinuxHugepageLimit limit)
    {
        var size = limit.PageSize;
        if (size.Length < 3 || size[^2..] is not ("KB" or "MB" or "GB") || size.AsSpan(..^2).ContainsAnyExceptInRange('0', '9'))
        {
            throw new InvalidSettingException(
                "linux.resources.hugepageLimits.pageSize", $"'{size}' is not a size such as 64KB, 2MB or 1GB");
        }
    }
}
