using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Asks containers to end, and ends them when the time is up.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class StopContainerCommand : NamedContainersCmdlet
{
    /// <summary>Seconds from the stop signal to the kill.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [Alias("TimeoutSec")]
    public double? Timeout { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(string name)
    {
        if (ShouldProcess(name, "Stop-Container"))
        {
            ForItem(name, () => Stop(name));
        }
    }

    private void Stop(string name)
    {
        var stopped = Services.StopContainer.Execute(name, Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null, StopToken);
        if (PassThru)
        {
            WriteObject(stopped);
        }
    }
}
