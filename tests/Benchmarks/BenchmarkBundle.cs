using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;

namespace PsContainers.Benchmarks;

/// <summary>One config.json for all contenders, but for the name of the control group.</summary>
internal static class BenchmarkBundle
{
    public static RuntimeSpec Spec(Workspace workspace, string name, bool isLimited = true, params string[] command)
    {
        var standard = DefaultRuntimeSpec.Create();
        return standard with
        {
            // crun 1.8 knows no later version.
            OciVersion = "1.0.2",
            Root = new RootSpec { Path = workspace.Root },
            Hostname = "bench",
            Process = standard.Process! with { Args = command.Length == 0 ? ["/bin/true"] : command },
            Linux = standard.Linux! with
            {
                CgroupsPath = $"/{Workspace.CgroupParent}/{name}",
                Resources = isLimited ? Limits(standard.Linux.Resources!) : null,
            },
        };
    }

    /// <summary>Makes the folder of a bundle, or writes its configuration anew.</summary>
    public static string Write(Workspace workspace, string folder, RuntimeSpec spec)
    {
        var bundle = Directory.CreateDirectory(Path.Join(workspace.Folder, folder)).FullName;
        File.WriteAllBytes(Path.Join(bundle, "config.json"), JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeJson.Default.RuntimeSpec));
        return bundle;
    }

    private static LinuxResources Limits(LinuxResources standard) => standard with
    {
        Memory = new LinuxMemory { Limit = 256 << 20 },
        Cpu = new LinuxCpu { Quota = 100_000, Period = 100_000, Cpus = "0", Mems = "0" },
        Pids = new LinuxPids { Limit = 64 },

        // For the hierarchy of huge pages, which the peers join in any case.
        HugepageLimits = Directory.Exists("/sys/fs/cgroup/hugetlb") ? [new LinuxHugepageLimit("2MB", 0)] : null,
    };
}
