using System.Globalization;
using PsContainers.Oci.Runtime;

namespace PsContainers.Runtime.Launch;

/// <summary>What is set while the host's procfs is still there: never through a /proc that a container brought.</summary>
/// <remarks>CVE-2019-16884, CVE-2025-52881: a write meant for the kernel ended in a file of the image.</remarks>
internal static class KernelSettings
{
    private const int LargestName = 64; // __NEW_UTS_LEN

    internal static IReadOnlyList<LaunchStep> Build(RuntimeSpec spec, ProcessSpec process)
    {
        var steps = new List<LaunchStep>();
        CheckUtsName(spec, spec.Hostname, "hostname");
        CheckUtsName(spec, spec.Domainname, "domainname");
        if (spec.Domainname is { Length: > 0 } domain)
        {
            steps.Add(new SetDomainname(domain));
        }

        // Behind the hooks that bring links into the container, whose settings have names only from then on.
        steps.AddRange(Sysctls.Build(spec));
        return [.. steps, .. ExecAttributes(process)];
    }

    /// <summary>The folder to write a label into, opened while the host's procfs is there.</summary>
    internal static IReadOnlyList<LaunchStep> ExecAttributes(ProcessSpec process) =>
        SecurityLabel.IsWanted(process) ? [new OpenExecAttributes()] : [];

    /// <summary>Before a user namespace is entered, in which nobody has the capability to lower it.</summary>
    internal static IReadOnlyList<LaunchStep> OomScore(ProcessSpec process) => process.OomScoreAdj is { } score ? [OomScore(score)] : [];

    private static WriteProcFile OomScore(int score) => score is >= -1000 and <= 1000
        ? new WriteProcFile("process.oomScoreAdj", "self/oom_score_adj", score.ToString(CultureInfo.InvariantCulture))
        : throw new InvalidSettingException("process.oomScoreAdj", $"{score} is not from -1000 to 1000");

    // Outside a uts namespace it would be the host's name that changes.
    private static void CheckUtsName(RuntimeSpec spec, string? name, string setting)
    {
        if (name is null or "")
        {
            return;
        }

        if (spec.Linux?.Namespaces?.Any(n => n.Type == LinuxNamespaceType.Uts) is not true)
        {
            throw new InvalidSettingException(setting, "needs a uts namespace in linux.namespaces");
        }

        if (System.Text.Encoding.UTF8.GetByteCount(name) > LargestName)
        {
            throw new InvalidSettingException(setting, $"longer than {LargestName} bytes");
        }
    }
}
