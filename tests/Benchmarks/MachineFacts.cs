using System.Globalization;
using System.Runtime.InteropServices;

namespace PsContainers.Benchmarks;

/// <summary>What a reader needs to know of the machine, and nothing that names it.</summary>
internal static class MachineFacts
{
    public static string Collect()
    {
        var processor = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim().Split('-')[0];
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30);
        var groups = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "cgroup v2"
            : Directory.Exists("/sys/fs/cgroup/unified") ? "hybrid cgroups"
            : "cgroup v1";
        var peers = new[] { Version("crun"), Version("runc"), Version("podman"), Version("conmon") }.Where(version => version is not null);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores ({processor}), {memory} GiB, Linux {kernel}, {groups}, "
            + $".NET {RuntimeInformation.FrameworkDescription.Split(' ')[^1]}; {string.Join(", ", peers)}");
    }

    private static string? Version(string program)
    {
        if (!File.Exists($"/usr/bin/{program}"))
        {
            return null;
        }

        var words = Native.Try($"/usr/bin/{program}", "--version").Said.Split([' ', '\n']);
        return $"{program} {words.FirstOrDefault(word => word.Length > 0 && char.IsAsciiDigit(word[0]))}";
    }
}
