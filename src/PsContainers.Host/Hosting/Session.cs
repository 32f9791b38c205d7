using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PsContainers.Host.Hosting;

/// <summary>A runspace with the module loaded, and the one way to run something in it.</summary>
internal sealed class Session : IDisposable
{
    private readonly ConsoleHost _host;
    private readonly ConsoleUserInterface _ui;
    private readonly Interruption _interruption;

    public Session(ConsoleHost host, ConsoleUserInterface ui, Interruption interruption)
    {
        (_host, _ui, _interruption) = (host, ui, interruption);
        Runspace = RunspaceFactory.CreateRunspace(host, InitialState());
        Runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        Runspace.Open();
        Runspace.DefaultRunspace = Runspace;
    }

    public Runspace Runspace { get; }

    /// <summary>Whether <c>exit</c> was called or a signal ends psc.</summary>
    public bool IsOver => _host.ExitCode is not null || _interruption.ExitCode is not null;

    /// <summary>Runs a pipeline to its end: objects to stdout, errors to stderr.</summary>
    /// <returns>Whether it came to its end without a terminating error.</returns>
    /// <param name="input">What the script finds in <c>$input</c>.</param>
    public bool Run(Action<PowerShell> build, IEnumerable<string>? input = null)
    {
        using var shell = PowerShell.Create(Runspace);
        build(shell);
        shell.AddCommand("Out-Default");
        shell.Streams.Error.DataAdded += (_, _) => WriteErrors(shell.Streams.Error);
        using var scope = _interruption.While(() => shell.BeginStop(null, null));
        try
        {
            // In the history, since the engine puts $? back after a pipeline that is not.
            shell.Invoke(input, new PSInvocationSettings { AddToHistory = true });
            return true;
        }
        catch (PipelineStoppedException)
        {
            return false;
        }
        catch (RuntimeException e)
        {
            _ui.WriteErrorLine(ErrorText.Of(e));
            return false;
        }
        finally
        {
            _ui.EndProgress();
        }
    }

    /// <summary>What the function <c>prompt</c> says.</summary>
    public string PromptText()
    {
        try
        {
            using var shell = PowerShell.Create(Runspace);
            return string.Concat(shell.AddCommand("prompt").Invoke<string>()) is { Length: > 0 } text ? text : "PS> ";
        }
        catch (RuntimeException)
        {
            // A prompt that fails must not keep its user from defining another.
            return "PS> ";
        }
    }

    public CommandCompletion Complete(string text, int cursor)
    {
        using var shell = PowerShell.Create(Runspace);
        return CommandCompletion.CompleteInput(text, cursor, options: null, shell);
    }

    /// <summary>The value of a variable of the session.</summary>
    public object? Variable(string name) => Runspace.SessionStateProxy.GetVariable(name);

    public void Dispose() => Runspace.Dispose();

    private void WriteErrors(PSDataCollection<ErrorRecord> errors)
    {
        foreach (var error in errors.ReadAll())
        {
            _ui.WriteErrorLine(ErrorText.Of(error));
        }
    }

    private static InitialSessionState InitialState()
    {
        var state = InitialSessionState.CreateDefault2();

        // The views of Get-Help are compiled into PowerShell, which knows them by the path of the file that they were once in.
        state.Formats.Add(new SessionStateFormatEntry(Path.Combine(AppContext.BaseDirectory, "Help.format.ps1xml")));
        ScriptCommands.AddTo(state);

        // The module is loaded by its path; looking through every folder of PSModulePath for commands nobody has would cost a second.
        state.Variables.Add(new SessionStateVariableEntry("PSModuleAutoLoadingPreference", PSModuleAutoLoadingPreference.None, null));
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule(ModuleFile.Find());
        return state;
    }
}
