using System.Globalization;

namespace PsContainers.Benchmarks;

/// <summary>What each running container costs in memory beside itself: its supervisor, idle.</summary>
internal static class MemoryBenchmark
{
    private const int Containers = 20;
    private const string Ours = "psc-runtime, private + share";
    private const string Theirs = "conmon, private + share";

    public static Section Run(Workspace workspace)
    {
        var measurements = new List<Measurement>();
        for (var i = 0; i < Containers; i++)
        {
            var made = workspace.Services.CreateContainer.Execute(
                new ContainerCreation { Image = "busybox", Command = ["sleep", "600"], RemoveOnExit = true });
            workspace.Services.StartContainer.Execute(made.Id);
        }

        Add(measurements, "psc-runtime");
        foreach (var container in workspace.Services.GetContainers.Execute())
        {
            workspace.Services.RemoveContainer.Execute(container.Id, force: true);
        }

        using var podman = Podman.TryCreate(workspace);
        if (podman is not null)
        {
            for (var i = 0; i < Containers; i++)
            {
                podman.Run("--detach", "busybox", "sleep", "600");
            }

            Add(measurements, "conmon");
        }

        return new Section(
            $"Memory of an idle supervisor, {Containers} containers running `sleep`", "kB", measurements,
            [new Target("private + share ≤ conmon's", Ours, Theirs, 1)],
            "From /proc/PID/smaps_rollup: private is what ends with the process; share adds its part of pages that several map.");
    }

    private static void Add(List<Measurement> measurements, string program)
    {
        var found = Directory.GetDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), out _) && Read($"{process}/comm").Trim() == program)
            .Select(process => Read($"{process}/smaps_rollup").Split('\n'))
            .Where(lines => lines.Length > 2)
            .ToList();
        if (found.Count == 0)
        {
            return;
        }

        measurements.Add(Rounds.Measurement(
            $"{program}, private", [.. found.Select(lines => Field(lines, "Private_Clean") + Field(lines, "Private_Dirty"))]));
        measurements.Add(Rounds.Measurement($"{program}, private + share", [.. found.Select(lines => Field(lines, "Pss"))]));
        measurements.Add(Rounds.Measurement($"{program}, resident", [.. found.Select(lines => Field(lines, "Rss"))]));
    }

    private static double Field(string[] lines, string name)
    {
        var words = lines.Single(line => line.StartsWith(name + ":", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(words[1], CultureInfo.InvariantCulture);
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
