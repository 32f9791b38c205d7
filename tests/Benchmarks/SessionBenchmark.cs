namespace PsContainers.Benchmarks;

/// <summary>A container run from a warm psc session against podman, which starts anew for every command.</summary>
internal static class SessionBenchmark
{
    private const string Invoke = "Invoke-Container -Remove";
    private const string Steps = "Start-, Wait-, Remove-Container";
    private const string PodmanRun = "podman run --rm";

    public static Section Run(Workspace workspace, int rounds)
    {
        using var session = new WarmSession();
        using var podman = Podman.TryCreate(workspace);
        List<Contender> contenders =
        [
            new(Invoke, () => session.Do("invoke")),
            new(Steps, () => session.Do("start and wait")),
        ];
        if (podman is not null)
        {
            contenders.Add(new Contender(PodmanRun, () => podman.Run("--rm", "busybox", "true")));
        }

        Target[] targets = [new("warm Invoke-Container ≤ 0.1 × podman run --rm", Invoke, PodmanRun, 0.1)];
        return new Section(
            "Run: `true` in a container of an image, no network", "ms", Rounds.Measure(contenders, rounds), targets,
            "Ours: a psc process that stays, measured from the request to the answer. podman: with overlay storage and crun.");
    }
}
