using System.Text.Json;
using PsContainers.Oci.Runtime;
using PsContainers.Runtime;
using PsContainers.Runtime.Cgroups;
using PsContainers.Runtime.Launch;

namespace PsContainers.Benchmarks;

/// <summary>From a ready root file system to the end of `true` in it: our launcher against crun and runc.</summary>
internal static class LaunchBenchmark
{
    private const string Bundle = "psc-runtime run";
    private const string Overlay = "compiled plan, overlay, log";
    private const string Volatile = "compiled plan, volatile overlay, log";

    public static Section Run(Workspace workspace, int rounds)
    {
        var bundle = Directory.CreateDirectory(Path.Join(workspace.Folder, "bundle")).FullName;
        var state = Directory.CreateDirectory(Path.Join(workspace.Folder, "bundle-state")).FullName;
        List<Contender> contenders =
        [
            new(Bundle, () => Native.Run(Workspace.Launcher, "--root", state, "run", "--bundle", bundle, "ours"))
            {
                Prepare = () => Write(workspace, bundle, "ours"),
            },
            Planned(workspace, Overlay, "durable", []),
            Planned(workspace, Volatile, "volatile", ["volatile"]),
        ];
        foreach (var peer in new[] { "crun", "runc" }.Where(peer => File.Exists($"/usr/bin/{peer}")))
        {
            contenders.Add(new Contender(
                $"{peer} run", () => Native.Run($"/usr/bin/{peer}", "--root", $"{state}/{peer}", "run", "--bundle", bundle, peer))
            {
                Prepare = () => Write(workspace, bundle, peer),
            });
        }

        Target[] targets =
        [
            new("psc-runtime run ≤ 0.6 × crun run", Bundle, "crun run", 0.6),
            new("with overlay on top ≤ 0.6 × crun run", Overlay, "crun run", 0.6),
        ];
        return new Section(
            "Launch: `true` in a bundle", "ms", Rounds.Measure(contenders, rounds), targets,
            "One config.json for all: six namespaces, default capabilities, seccomp profile, masks, "
            + "memory, cpu, cpuset, pids and huge page limits. All join the same control groups. "
            + "crun and runc have no overlay, log, exit record nor out-of-memory notice to take care of here.");
    }

    private static RuntimeSpec Spec(Workspace workspace, string name) => DefaultRuntimeSpec.Create() is var standard
        ? standard with
        {
            // crun 1.8 knows no later version.
            OciVersion = "1.0.2",
            Root = new RootSpec { Path = workspace.Root },
            Hostname = "bench",
            Process = standard.Process! with { Args = ["/bin/true"] },
            Linux = standard.Linux! with
            {
                CgroupsPath = $"/{Workspace.CgroupParent}/{name}",
                Resources = standard.Linux.Resources! with
                {
                    Memory = new LinuxMemory { Limit = 256 << 20 },
                    Cpu = new LinuxCpu { Quota = 100_000, Period = 100_000, Cpus = "0", Mems = "0" },
                    Pids = new LinuxPids { Limit = 64 },
                    HugepageLimits = HugepageLimits(),
                },
            },
        }
        : throw new InvalidOperationException();

    // For the hierarchy of huge pages, which the peers join in any case.
    private static IReadOnlyList<LinuxHugepageLimit>? HugepageLimits() =>
        Directory.Exists("/sys/fs/cgroup/hugetlb") ? [new LinuxHugepageLimit("2MB", 0)] : null;

    private static void Write(Workspace workspace, string bundle, string name) => File.WriteAllBytes(
        Path.Join(bundle, "config.json"), JsonSerializer.SerializeToUtf8Bytes(Spec(workspace, name), RuntimeJson.Default.RuntimeSpec));

    // As the engine launches: root by overlay, log and exit record, the plan compiled each time.
    private static Contender Planned(Workspace workspace, string name, string id, string[] options)
    {
        var folder = Directory.CreateDirectory(Path.Join(workspace.Folder, id)).FullName;
        var (upper, work) = (Path.Join(folder, "upper"), Path.Join(folder, "work"));
        var (run, root) = (Path.Join(folder, "run"), Path.Join(folder, "root"));
        Directory.CreateDirectory(root);
        var hierarchies = CgroupHierarchies.OfSelf();
        return new Contender(name, Launch)
        {
            Prepare = () => Array.ForEach([upper, work, run], path => Directory.CreateDirectory(path)),
            Clear = () => Array.ForEach([upper, work, run], path => Directory.Delete(path, recursive: true)),
        };

        void Launch()
        {
            var spec = Spec(workspace, id);
            var plan = LaunchPlan.Build(spec, new LaunchOptions
            {
                Id = id,
                RootPath = root,
                Root = new Mount(
                    "/", "overlay", "overlay", [$"lowerdir={workspace.Root}", $"upperdir={upper}", $"workdir={work}", .. options]),
                Cgroups = CgroupPlan.Build(hierarchies, spec.Linux!.CgroupsPath!, spec.Linux.Resources),
                RunDirectory = run,
                LogPath = Path.Join(run, "log"),
            });
            using var process = LauncherProcess.Start(Workspace.Launcher, plan, attach: false);
            if (process.WaitForExit() is not { ExitCode: 0 } exit)
            {
                throw new InvalidOperationException($"the container did not end well: {process.InitPid}");
            }
        }
    }
}
