using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace PsContainers.Host.Hosting;

/// <summary>
/// What PowerShell writes and asks: results and messages on stdout as pwsh does, errors on stderr, questions on the terminal.
/// </summary>
internal sealed class ConsoleUserInterface(ConsoleStreams streams, bool isInteractive, Interruption interruption) : PSHostUserInterface
{
    /// <summary>The tag of lines that a container wrote to its stderr (Invoke-Container): they go to ours.</summary>
    private const string StandardErrorTag = "stderr";

    private readonly ProgressLines _progress = new(streams);
    private readonly Questions _questions = new(streams, isInteractive, interruption);
    private bool _isAlreadyWritten;

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleRawInterface(streams);

    public override bool SupportsVirtualTerminal => streams.IsOutputTerminal;

    public override void Write(string value) => Print(value, isLine: false);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Print(Colored(value, foregroundColor, backgroundColor), isLine: false);

    public override void WriteLine(string value) => Print(value, isLine: true);

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Print(Colored(value, foregroundColor, backgroundColor), isLine: true);

    public override void WriteErrorLine(string value)
    {
        ClearProgress();
        streams.Error.WriteLine(AnsiText.For(streams.IsErrorTerminal, AnsiText.Red, value));
    }

    public override void WriteDebugLine(string message) => WriteMessage("DEBUG", message);

    public override void WriteVerboseLine(string message) => WriteMessage("VERBOSE", message);

    public override void WriteWarningLine(string message) => WriteMessage("WARNING", message);

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (isInteractive)
        {
            _progress.Show(record, RawUI.WindowSize);
        }
    }

    public void ClearProgress() => _progress.Clear();

    public void EndProgress() => _progress.End();

    // The engine hands over the record first and then, for one tagged PSHOST, its text as a line for stdout: that line is dropped.
    public override void WriteInformation(InformationRecord record)
    {
        if (record.Tags.Contains(StandardErrorTag) && record.MessageData is HostInformationMessage message)
        {
            ClearProgress();
            streams.Error.WriteLine(message.Message);
            _isAlreadyWritten = record.Tags.Contains("PSHOST");
        }
    }

    public override string ReadLine() => Asking().ReadLine();

    public override SecureString ReadLineAsSecureString() => Asking().ReadSecret();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        Asking().AskFields(caption, message, descriptions);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        Asking().Choose(caption, message, choices, defaultChoice);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        Asking().AskCredential(caption, message, userName);

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) =>
        Asking().AskCredential(caption, message, userName);

    // A question is written where the progress lines are.
    private Questions Asking()
    {
        ClearProgress();
        return _questions;
    }

    private void WriteMessage(string kind, string message) =>
        Print(AnsiText.For(streams.IsOutputTerminal, AnsiText.Yellow, $"{kind}: {message}"), isLine: true);

    private void Print(string value, bool isLine)
    {
        if (_isAlreadyWritten)
        {
            _isAlreadyWritten = false;
            return;
        }

        ClearProgress();
        var text = GetOutputString(value, streams.IsOutputTerminal);
        streams.Output.Write(isLine ? text + "\n" : text);
    }

    private string Colored(string value, ConsoleColor foreground, ConsoleColor background) =>
        AnsiText.For(streams.IsOutputTerminal, AnsiText.OfColors(foreground, background), value);
}
