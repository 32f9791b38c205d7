using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Images;

/// <summary>Brings images from registries into the local store.</summary>
[Cmdlet(VerbsCommunications.Receive, "ContainerImage", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerImage))]
public sealed class ReceiveContainerImageCommand : RegistryCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [];

    /// <summary>For another kind of machine than this one: linux/arm64, linux/arm/v7.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(PlatformCompleter))]
    [ValidateNotNullOrEmpty]
    public string? Platform { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (ShouldProcess(name, "Receive-ContainerImage"))
            {
                ForItem(name, () => WriteObject(Receive(name)));
            }
        }
    }

    private ContainerImage Receive(string name)
    {
        var reception = new ImageReception { Name = name, Platform = Platform, Access = Access };
        var services = Services;
        return new TransferDisplay(this, $"Receiving {name}")
            .Run(progress => services.ReceiveImage.Execute(reception, progress, StopToken));
    }
}
