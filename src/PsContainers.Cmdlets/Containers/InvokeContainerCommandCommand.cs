using System.Management.Automation;
using System.Text;
using PsContainers.Cmdlets.Parameters;
using PsContainers.Engine.Containers;

namespace PsContainers.Cmdlets.Containers;

/// <summary>
/// Runs a command in a running container: what the pipeline brings is its stdin, its stdout are the strings that come out, its stderr
/// information records.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "ContainerCommand", SupportsShouldProcess = true)]
[OutputType(typeof(string), typeof(ContainerResult))]
public sealed class InvokeContainerCommandCommand : ContainerCommandCmdlet
{
    private OutputRelay? _relay;
    private RunningCommand? _running;

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Command { get; set; } = [];

    /// <summary>A line for each object, as PowerShell gives them to a native command; byte arrays go through as they are.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    /// <summary>One object with exit code and output at the end, instead of the lines as they come.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void BeginProcessing()
    {
        if (ShouldProcess(Name, "Invoke-ContainerCommand"))
        {
            ForItem(Name, Start);
        }
    }

    protected override void ProcessRecord()
    {
        if (_running is null || InputObject is null)
        {
            return;
        }

        var bytes = InputObject.BaseObject switch
        {
            byte[] raw => raw,
            byte one => [one],
            _ => Encoding.UTF8.GetBytes(LanguagePrimitives.ConvertTo<string>(InputObject) + "\n"),
        };
        ForItem(Name, () => _running.Write(bytes));
        foreach (var line in _running.TakeAvailable())
        {
            _relay!.Take(line);
        }
    }

    protected override void EndProcessing()
    {
        if (_running is not null)
        {
            ForItem(Name, Finish);
        }
    }

    protected override void Dispose(bool disposing)
    {
        _running?.Dispose();
        _running = null;
        base.Dispose(disposing);
    }

    private void Start()
    {
        var words = TypedWords.Restore(Command, nameof(Command), MyInvocation);
        _relay = new OutputRelay(this, PassThru);
        _running = Services.ExecuteCommand.Start(CommandOf(words), MyInvocation.ExpectingInput);
    }

    private void Finish()
    {
        var code = _running!.Finish(_relay!.Take, StopToken);
        OutputRelay.SetExitCode(SessionState, code);
        _relay.Finish(code, _running.Container);
    }
}
