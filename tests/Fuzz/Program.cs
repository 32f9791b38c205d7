using System.Diagnostics;
using System.Reflection;
using PsContainers.Fuzz;

var options = FuzzOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 64;
}

if (!Environment.IsPrivilegedProcess)
{
    Console.Error.WriteLine("fuzz: needs root");
    return 1;
}

var artifacts = Path.Join(
    typeof(FuzzOptions).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Artifacts").Value!, "fuzz");
Directory.CreateDirectory(artifacts);
var input = options.Replay is null ? null : File.ReadAllBytes(options.Replay);
if (OwnRoot.RunInside(args) is { } code)
{
    return code;
}

OwnRoot.Prepare(artifacts);
var failed = 0;
foreach (var name in options.Targets)
{
    using var target = FuzzTarget.Make(name, Directory.CreateDirectory(Path.Join(OwnRoot.Scratch, name)).FullName);
    if (input is not null)
    {
        return Replay.Show(target, input) ? 0 : 1;
    }

    var started = Stopwatch.StartNew();
    var run = new FuzzRun(name, target, artifacts, options);
    run.Go();
    Console.WriteLine(
        $"{name}: seed {options.Seed}, {run.Inputs} inputs in {started.Elapsed.TotalSeconds:0} s, {run.Accepted} accepted, "
        + $"{run.Outcomes} different outcomes, {run.Failures} failures");
    failed += run.Failures > 0 ? 1 : 0;
}

// In the words of the test platform, which test.sh adds up.
Console.WriteLine($"  total: {options.Targets.Count}\n  failed: {failed}\n  succeeded: {options.Targets.Count - failed}\n  skipped: 0");
return failed == 0 ? 0 : 2;
