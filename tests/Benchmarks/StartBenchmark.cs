namespace PsContainers.Benchmarks;

/// <summary>A shell from nothing to the answer of its first command.</summary>
internal static class StartBenchmark
{
    private const string Wrapper = "./psc -Command Get-Container";

    public static Section Run(Workspace workspace, int rounds)
    {
        List<Contender> contenders =
        [
            new(Wrapper, () => Native.Ask(Path.Join(Workspace.Repository, "psc"), "-Command", "Get-Container")),
            new("psc -Command Get-Container, without the wrapper", () => Native.Ask(Workspace.Shell, "-Command", "Get-Container")),
            new("psc -Command ''", () => Native.Ask(Workspace.Shell, "-Command", "")),
        ];
        if (Podman.TryCreate(workspace) is { } podman)
        {
            using (podman)
            {
                contenders.Add(new Contender("podman ps", () => podman.List()));
                return Measured(contenders, rounds);
            }
        }

        return Measured(contenders, rounds);
    }

    private static Section Measured(List<Contender> contenders, int rounds) => new(
        "Cold start: module import and first command", "ms", Rounds.Measure(contenders, rounds),
        [new Target("module import plus first command ≤ 700 ms", Wrapper, null, 700)],
        "The wrapper looks first whether any source is newer than the build.");
}
