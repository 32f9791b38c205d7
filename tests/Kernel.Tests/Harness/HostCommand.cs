using System.Diagnostics;

namespace PsContainers.Kernel.Tests.Harness;

/// <summary>What a program of the host printed, and how it ended.</summary>
public sealed record HostCommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The output without its last line end; fails with what the program said when it did not succeed.</summary>
    public string Text()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Error}\n{Output}");
        return Output.TrimEnd('\n');
    }
}

/// <summary>Runs programs of the host, never longer than a minute unless told otherwise.</summary>
internal static class HostCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    public static HostCommandResult Run(string program, params string[] arguments) => Finish(Start(program, arguments));

    public static Process Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        process.StandardInput.Close();
        return process;
    }

    public static HostCommandResult Finish(Process process, TimeSpan? patience = null)
    {
        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(patience ?? _patience))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                Assert.Fail(
                    $"{process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)} did not end\n"
                    + $"{output.Result}\n{error.Result}");
            }

            return new HostCommandResult(process.ExitCode, output.Result, error.Result);
        }
    }
}
