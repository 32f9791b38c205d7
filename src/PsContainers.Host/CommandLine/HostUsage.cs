using System.Management.Automation;
using System.Reflection;

namespace PsContainers.Host.CommandLine;

/// <summary>What psc says about itself.</summary>
internal static class HostUsage
{
    /// <summary>What pwsh returns for a command line that it does not understand.</summary>
    public const int BadCommandLine = 64;

    private const string Text = """
        usage: psc [options]                       prompt, or the script on standard input when that is no terminal
               psc [options] -Command TEXT         runs the text; '-' reads it from standard input
               psc [options] [-File] SCRIPT ARGS   runs a script file

          -NonInteractive         never asks: what would prompt fails
          -NoExit                 stays at the prompt afterwards
          -WorkingDirectory DIR   starts there
          -NoProfile, -NoLogo     accepted: psc has neither
          -Version, -Help
        """;

    public static string Version
    {
        get
        {
            var own = typeof(HostUsage).Assembly.GetName().Version!.ToString(3);
            var engine = typeof(PSObject).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;
            return $"psc {own} (PowerShell {engine.InformationalVersion.Split(' ')[0]})";
        }
    }

    public static int Print(RunMode mode)
    {
        Console.Out.WriteLine(mode == RunMode.Help ? Text : Version);
        return 0;
    }

    public static int Refuse(string problem)
    {
        Console.Error.WriteLine($"psc: {problem}");
        Console.Error.WriteLine(Text);
        return BadCommandLine;
    }
}
