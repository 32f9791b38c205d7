using System.Management.Automation;
using PsContainers.Engine.Registries;

namespace PsContainers.Cmdlets.Registries;

/// <summary>Forgets the credentials for registries.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "ContainerRegistry", SupportsShouldProcess = true)]
public sealed class DisconnectContainerRegistryCommand : ContainersCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    public string[] Registry { get; set; } = ["docker.io"];

    protected override void ProcessRecord()
    {
        foreach (var registry in Registry)
        {
            if (ShouldProcess(registry, "Disconnect-ContainerRegistry"))
            {
                ForItem(registry, () => DisconnectRegistry.Execute(registry, StopToken));
            }
        }
    }
}
