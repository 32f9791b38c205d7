using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using PsContainers.Host.CommandLine;
using PsContainers.Host.Internals;
using PsContainers.Host.Prompt;

namespace PsContainers.Host.Hosting;

/// <summary>Runs what the command line asks for; its result is psc's exit code.</summary>
internal static class Shell
{
    private const int Failed = 1;

    /// <summary>What pwsh returns when it cannot begin.</summary>
    private const int InitFailed = 70;

    public static int Run(HostOptions options)
    {
        if (options.Mode is RunMode.Version or RunMode.Help)
        {
            return HostUsage.Print(options.Mode);
        }

        if (options.WorkingDirectory is { } directory)
        {
            if (!Directory.Exists(directory))
            {
                return HostUsage.Refuse($"'{directory}' is not a folder");
            }

            Directory.SetCurrentDirectory(directory);
        }

        using var interruption = new Interruption();
        var streams = new ConsoleStreams(() => interruption.Raise(Interruption.BrokenPipe, ends: true));
        var ui = new ConsoleUserInterface(streams, !options.NonInteractive && options.Mode != RunMode.StandardInput, interruption);
        var host = new ConsoleHost(ui);
        try
        {
            using var session = new Session(host, ui, interruption);
            var code = Run(options, session, ui, streams);
            if ((options.Mode == RunMode.Interactive || options.NoExit) && !session.IsOver)
            {
                interruption.SurvivesInterrupt = true;
                new InteractiveLoop(session, streams).Run();
            }

            return interruption.ExitCode ?? host.ExitCode ?? code;
        }
        catch (RuntimeException e)
        {
            ui.WriteErrorLine($"psc: {ErrorText.Of(e)}");
            return InitFailed;
        }
    }

    private static int Run(HostOptions options, Session session, ConsoleUserInterface ui, ConsoleStreams streams) => options.Mode switch
    {
        RunMode.Command => RunScript(session, options.Script, streams),
        RunMode.StandardInput => RunScript(session, streams.Input.ReadToEnd(), streams),
        RunMode.File => RunFile(session, ui, options, streams),
        _ => 0,
    };

    private static int RunScript(Session session, string script, ConsoleStreams streams)
    {
        var input = PipedInput.For(Parser.ParseInput(script, out _, out _), streams);
        return CodeOf(session, session.Run(shell => shell.AddScript(script), input));
    }

    private static int RunFile(Session session, ConsoleUserInterface ui, HostOptions options, ConsoleStreams streams)
    {
        var path = Path.GetFullPath(options.Script);
        if (!File.Exists(path))
        {
            ui.WriteErrorLine($"psc: '{options.Script}' does not exist");
            return HostUsage.BadCommandLine;
        }

        // As pwsh: a file of any other name is a script too (#!/usr/bin/env psc), not a program to start.
        var command = path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase)
            ? new Command(path)
            : new Command(File.ReadAllText(path), isScript: true, useLocalScope: false);
        foreach (var argument in ScriptArguments.Parse(options.Arguments))
        {
            command.Parameters.Add(argument);
        }

        if (!options.NoExit)
        {
            EngineInternals.LetExitLeaveScripts(session.Runspace);
        }

        var input = PipedInput.For(Parser.ParseFile(path, out _, out _), streams);
        return CodeOf(session, session.Run(shell => shell.Commands.AddCommand(command), input));
    }

    // As pwsh: what a script says with exit (the host knows it) comes first, then whether its last statement succeeded.
    private static int CodeOf(Session session, bool isComplete) => isComplete && session.Variable("?") is true ? 0 : Failed;
}
