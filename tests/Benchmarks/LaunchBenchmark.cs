using PsContainers.Oci.Runtime;
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
        var bundle = BenchmarkBundle.Write(workspace, "bundle", BenchmarkBundle.Spec(workspace, "ours"));
        var state = Directory.CreateDirectory(Path.Join(workspace.Folder, "bundle-state")).FullName;
        List<Contender> contenders =
        [
            new(Bundle, () => Native.Run(Workspace.Launcher, "--root", state, "run", "--bundle", bundle, "ours"))
            {
                Prepare = () => Write(workspace, "ours"),
            },
            Planned(workspace, Overlay, "durable", []),
            Planned(workspace, Volatile, "volatile", ["volatile"]),
        ];
        foreach (var peer in new[] { "crun", "runc" }.Where(peer => File.Exists($"/usr/bin/{peer}")))
        {
            contenders.Add(new Contender(
                $"{peer} run", () => Native.Run($"/usr/bin/{peer}", "--root", $"{state}/{peer}", "run", "--bundle", bundle, peer))
            {
                Prepare = () => Write(workspace, peer),
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

    private static void Write(Workspace workspace, string name) =>
        BenchmarkBundle.Write(workspace, "bundle", BenchmarkBundle.Spec(workspace, name));

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
            var spec = BenchmarkBundle.Spec(workspace, id);
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
