using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Removes containers with all they wrote.</summary>
[Cmdlet(VerbsCommon.Remove, "Container", SupportsShouldProcess = true)]
public sealed class RemoveContainerCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>Kills a container that runs.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name, "Remove-Container"))
            {
                ForItem(name, () => Services.RemoveContainer.Execute(name, Force, StopToken));
            }
        }
    }
}
