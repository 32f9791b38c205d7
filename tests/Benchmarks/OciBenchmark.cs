namespace PsContainers.Benchmarks;

/// <summary>The commands of an OCI runtime as an engine calls them, with limits in every controller and with none.</summary>
internal static class OciBenchmark
{
    private const string Id = "one";

    public static IEnumerable<Section> Run(Workspace workspace, int rounds)
    {
        var runtimes = OciRuntime.All(workspace);
        foreach (var isLimited in new[] { true, false })
        {
            var groups = isLimited ? "limits in every controller" : "no limits";
            yield return Measure($"`run` of `true`, {groups}", runtimes, rounds, runtime => Whole(runtime, isLimited));
            yield return Measure(
                $"`create`, `start`, `delete` of `true`, {groups}", runtimes, rounds, runtime => Cycle(runtime, isLimited));
        }

        yield return Exec(runtimes, rounds);
    }

    internal static Target[] Targets(IReadOnlyList<OciRuntime> runtimes) =>
    [
        new("psc-runtime ≤ 0.7 × crun", runtimes[0].Name, "crun", 0.7),
        new("psc-runtime ≤ 0.2 × runc", runtimes[0].Name, "runc", 0.2),
    ];

    private static Section Measure(string title, IReadOnlyList<OciRuntime> runtimes, int rounds, Func<OciRuntime, Contender> contender) =>
        new(title, "ms", Rounds.Measure([.. runtimes.Select(contender)], rounds), Targets(runtimes),
            "The bundle of the section above, each command a process of its own.");

    private static Contender Whole(OciRuntime runtime, bool isLimited)
    {
        var bundle = runtime.Bundle(isLimited, Id);
        return new Contender(runtime.Name, () => runtime.Do("run", "--bundle", bundle, Id));
    }

    private static Contender Cycle(OciRuntime runtime, bool isLimited)
    {
        var bundle = runtime.Bundle(isLimited, Id);
        return new Contender(runtime.Name, () =>
        {
            runtime.Do("create", "--bundle", bundle, Id);
            runtime.Do("start", Id);
            runtime.Do("delete", "--force", Id);
        });
    }

    private static Section Exec(IReadOnlyList<OciRuntime> runtimes, int rounds)
    {
        foreach (var runtime in runtimes)
        {
            runtime.Do("run", "--detach", "--bundle", runtime.Bundle(isLimited: true, Id, "/bin/sleep", "600"), Id);
        }

        try
        {
            return new Section(
                "`exec` of `true` in a running container", "ms",
                Rounds.Measure([.. runtimes.Select(r => new Contender(r.Name, () => r.Do("exec", Id, "/bin/true")))], rounds),
                Targets(runtimes), "With the container's seccomp profile, capabilities and control groups.");
        }
        finally
        {
            foreach (var runtime in runtimes)
            {
                runtime.Remove(Id);
            }
        }
    }
}
