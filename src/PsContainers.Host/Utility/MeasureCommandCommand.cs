using System.Diagnostics;
using System.Management.Automation;

namespace PsContainers.Host.Utility;

/// <summary>Runs a script block and tells how long it took.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "Command")]
[OutputType(typeof(TimeSpan))]
public sealed class MeasureCommandCommand : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public ScriptBlock Expression { get; set; } = ScriptBlock.Create("");

    protected override void ProcessRecord()
    {
        var watch = Stopwatch.StartNew();
        Expression.Invoke();
        WriteObject(watch.Elapsed);
    }
}
