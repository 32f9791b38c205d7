using System.Management.Automation;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Removes containers with all they wrote.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", SupportsShouldProcess = true)]
public sealed class RemoveContainerCommand : NamedContainersCmdlet
{
    /// <summary>Kills a container that runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Process(string name)
    {
        if (ShouldProcess(name, "Remove-Container"))
        {
            ForItem(name, () => Warn(Services.RemoveContainer.Execute(name, Force, StopToken)));
        }
    }
}
