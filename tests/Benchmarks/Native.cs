using System.Diagnostics;
using PsContainers.Linux;

namespace PsContainers.Benchmarks;

/// <summary>Programs of the host: started the cheapest way when they are measured, and the readable way when they only prepare.</summary>
internal static class Native
{
    /// <summary>Runs a program without environment and with its output thrown away, the way that launchers are measured.</summary>
    public static void Run(string path, params string[] arguments)
    {
        using var nothing = NullDevice.Open();
        var code = ChildProcess.Wait(ChildProcess.Spawn(path, [path, .. arguments], [(nothing, 0), (nothing, 1), (nothing, 2)]));
        if (code != 0)
        {
            // Once more, to hear why.
            throw new InvalidOperationException($"{path} ended with code {code}: {Try(path, arguments).Said}");
        }
    }

    /// <summary>The output of a program that must succeed.</summary>
    public static string Ask(string path, params string[] arguments)
    {
        var (code, said) = Try(path, arguments);
        return code == 0
            ? said.Trim()
            : throw new InvalidOperationException($"{path} {string.Join(' ', arguments)} ended with code {code}: {said}");
    }

    public static (int Code, string Said) Try(string path, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + error.Result);
    }
}
