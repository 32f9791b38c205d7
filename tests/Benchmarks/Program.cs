using PsContainers.Benchmarks;

if (!Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("benchmarks: needs root");
    return 1;
}

var options = BenchmarkOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(BenchmarkOptions.Usage);
    return 64;
}

if (!File.Exists(Workspace.Launcher))
{
    Console.Error.WriteLine("benchmarks: nothing is built; run ./psc --build-only first");
    return 1;
}

if (OwnMounts.RunInside(args, options.Networks) is { } code)
{
    return code;
}

OwnMounts.Prepare();
using var workspace = new Workspace();
List<Section> sections = options.Images
    ? [.. ImageBenchmark.Run(workspace, Math.Max(3, options.Rounds / 6))]
    : options.Networks
    ? [.. NetworkBenchmark.Run(workspace, options.Rounds)]
    : options.Volumes
    ? [.. VolumeBenchmark.Run(workspace, Math.Max(5, options.Rounds / 3))]
    :
[
    LaunchBenchmark.Run(workspace, options.Rounds),
    .. OciBenchmark.Run(workspace, options.Rounds),
    .. CrowdBenchmark.Run(workspace, Math.Max(5, options.Rounds / 6)),
    SessionBenchmark.Run(workspace, options.Rounds),
    StartBenchmark.Run(workspace, Math.Max(5, options.Rounds / 3)),
    MemoryBenchmark.Run(workspace),
];
var report = new Report(MachineFacts.Collect(), options.Rounds, sections);
Console.Out.Write(report.ToText());
if (options.Write)
{
    report.AppendTo(Path.Join(Workspace.Repository, "docs/benchmarks.md"));
}

return 0;
