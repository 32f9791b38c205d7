using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Lets suspended containers go on.</summary>
[Cmdlet(VerbsLifecycle.Resume, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(Container))]
public sealed class ResumeContainerCommand : NamedContainersCmdlet
{
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Process(string name)
    {
        if (ShouldProcess(name, "Resume-Container"))
        {
            ForItem(name, () => Write(Services.ResumeContainer.Execute(name, StopToken)));
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
