using System.Diagnostics;
using PsContainers.Linux;

namespace PsContainers.Fuzz;

/// <summary>A mount namespace in which nothing can be written but a scratch folder in memory and the artifacts.</summary>
/// <remarks>What an input has the code write elsewhere, by whatever path, is an error of the kernel's, and a failed test.</remarks>
internal static class OwnRoot
{
    public const string Scratch = "/dev/shm";

    private const string Marker = "PSC_FUZZ_OWN_ROOT";
    private const string Mount = "/bin/mount";

    /// <summary>Runs this program again in a mount namespace of its own; null when it is in one already.</summary>
    public static int? RunInside(string[] arguments)
    {
        if (Environment.GetEnvironmentVariable(Marker) is not null)
        {
            return null;
        }

        var start = new ProcessStartInfo(
            "/usr/bin/unshare", ["--mount", "--propagation", "private", Environment.ProcessPath!, .. arguments]);
        start.Environment[Marker] = "1";

        // Half a gigabyte, in hexadecimal: what no input may need.
        start.Environment["DOTNET_GCHeapHardLimit"] = "20000000";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var inside = Process.Start(start)!;
        inside.WaitForExit();
        return inside.ExitCode;
    }

    public static void Prepare(string artifacts)
    {
        Run(Mount, "-t", "tmpfs", "-o", "size=1g", "fuzz", Scratch);
        Run(Mount, "--bind", artifacts, artifacts);
        foreach (var point in MountInfo.OfSelf().Select(mount => mount.MountPoint).Distinct().ToList())
        {
            if (point != Scratch && point != artifacts && !point.StartsWith("/proc", StringComparison.Ordinal))
            {
                // Some of what lies below others can't be reached; then nobody else can either.
                Try(Mount, "-o", "remount,bind,ro", point);
            }
        }

        Environment.SetEnvironmentVariable("PATH", Scratch);
        Environment.SetEnvironmentVariable("HOME", Scratch);
    }

    private static void Run(string program, params string[] arguments)
    {
        var code = Try(program, arguments);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with code {code}");
        }
    }

    private static int Try(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
