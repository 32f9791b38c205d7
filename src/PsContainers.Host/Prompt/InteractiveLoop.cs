using System.Management.Automation.Language;
using PsContainers.Host.Hosting;

namespace PsContainers.Host.Prompt;

/// <summary>Prompt, read, run, again.</summary>
internal sealed class InteractiveLoop(Session session, ConsoleStreams streams)
{
    public void Run()
    {
        var history = new CommandHistory(CommandHistory.DefaultPath);
        var editor = new LineEditor(
            new LineView(streams.Output, () => Console.WindowWidth), history, new TabCompletion(session.Complete), IsComplete);
        while (!session.IsOver && editor.Read(session.PromptText()) is { } command)
        {
            if (command.Trim().Length > 0)
            {
                history.Add(command);
                session.Run(shell => shell.AddScript(command));
            }
        }
    }

    private static bool IsComplete(string text)
    {
        Parser.ParseInput(text, out _, out var errors);
        return !errors.Any(error => error.IncompleteInput);
    }
}
