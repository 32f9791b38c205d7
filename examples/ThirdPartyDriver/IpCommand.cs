using System.ComponentModel;
using System.Diagnostics;
using PsContainers.Drivers;

namespace ThirdPartyDriver;

/// <summary>Runs ip(8), which Debian has in the package iproute2.</summary>
internal sealed class IpCommand(string directory)
{
    /// <summary>Commands, one in each line.</summary>
    /// <param name="accepted">An error with these words is none.</param>
    public void Run(string commands, CancellationToken cancellation, string? accepted = null) =>
        Run(["ip", "-batch", "-"], commands, accepted, cancellation);

    public void RunInside(string network, string commands, CancellationToken cancellation) =>
        Run(["nsenter", $"--net={network}", "ip", "-batch", "-"], commands, null, cancellation);

    private void Run(IReadOnlyList<string> program, string commands, string? accepted, CancellationToken cancellation)
    {
        using var process = Start(program);
        using (cancellation.Register(process.Kill))
        {
            process.StandardInput.WriteLine(commands);
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            if (process.ExitCode != 0 && !(accepted is not null && error.Contains(accepted, StringComparison.Ordinal)))
            {
                throw new DriverException($"ip {commands.ReplaceLineEndings("; ")}: {error}", DriverErrorKind.Failed);
            }
        }
    }

    private Process Start(IReadOnlyList<string> program)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program[0], program.Skip(1))
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
                WorkingDirectory = directory,
            })!;
        }
        catch (Win32Exception e)
        {
            throw new DriverException($"{program[0]}: {e.Message}", DriverErrorKind.Unavailable, cause: e);
        }
    }
}
