using System.Diagnostics;

namespace PsContainers.Cmdlets.Tests;

/// <summary>Runs the built psc with a store of its own.</summary>
internal static class Psc
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static string Root { get; } = MakeRoot();

    public static PscResult Command(string script) => Run(["-NonInteractive", "-Command", script]);

    public static PscResult Run(IEnumerable<string> arguments, string input = "")
    {
        using var process = Start(arguments);
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        return Finish(process);
    }

    public static Process Start(IEnumerable<string> arguments) => Start(arguments, Path.Combine(Root, "root"), Path.Combine(Root, "run"));

    /// <param name="inside">The beginning of a command line that runs the rest of it in another place; nothing for here.</param>
    public static Process Start(IEnumerable<string> arguments, string root, string run, params string[] inside)
    {
        string[] words = [.. inside, Repository.Shell, .. arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PSCONTAINERS_ROOT"] = root;
        start.Environment["PSCONTAINERS_RUN"] = run;
        return Process.Start(start)!;
    }

    public static PscResult Finish(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill();
            Assert.Fail($"psc did not end within {_patience.TotalSeconds} s");
        }

        return new PscResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    // One store for all tests that run no container: opening a new one takes longer than the test.
    private static string MakeRoot()
    {
        var directory = Directory.CreateTempSubdirectory("psc-tests-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(directory, recursive: true);
        return directory;
    }
}
