using System.Management.Automation;
using PsContainers.Engine.Registries;

namespace PsContainers.Cmdlets.Registries;

/// <summary>Stores credentials for a registry, once it has accepted them.</summary>
[Cmdlet(VerbsCommunications.Connect, "ContainerRegistry", SupportsShouldProcess = true)]
public sealed class ConnectContainerRegistryCommand : ContainersCmdlet
{
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Registry { get; set; } = "docker.io";

    /// <summary>Asked for when it is not given.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Credential]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    /// <summary>Lets the registry do without TLS, or with a certificate that nobody vouches for.</summary>
    [Parameter]
    public SwitchParameter AllowInsecure { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Registry, "Connect-ContainerRegistry"))
        {
            ForItem(Registry, () => ConnectRegistry.Execute(
                Registry, Credential.UserName, Credential.GetNetworkCredential().Password, AllowInsecure, StopToken));
        }
    }
}
