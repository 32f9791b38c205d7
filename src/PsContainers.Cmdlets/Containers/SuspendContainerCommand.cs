using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Stops every process of containers where it is, until they are resumed.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class SuspendContainerCommand : NamedContainersCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(string name)
    {
        if (ShouldProcess(name, "Suspend-Container"))
        {
            ForItem(name, () => Write(Services.SuspendContainer.Execute(name, StopToken)));
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
