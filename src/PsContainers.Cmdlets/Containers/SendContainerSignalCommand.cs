using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Sends a signal to the first process of containers.</summary>
[Cmdlet(VerbsCommunications.Send, "ContainerSignal", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SendContainerSignalCommand : NamedContainersCmdlet
{
    [Parameter(Position = 1)]
    [ArgumentCompleter(typeof(SignalCompleter))]
    [ValidateNotNullOrEmpty]
    public string Signal { get; set; } = "KILL";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(string name)
    {
        if (ShouldProcess(name, "Send-ContainerSignal"))
        {
            ForItem(name, () => Write(Services.SignalContainer.Execute(name, Signal)));
        }
    }

    private void Write(Container container)
    {
        if (PassThru)
        {
            WriteObject(container);
        }
    }
}
