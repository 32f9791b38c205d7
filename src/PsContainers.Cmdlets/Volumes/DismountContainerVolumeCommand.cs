using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Takes back Mount-ContainerVolume.</summary>
[Cmdlet("Dismount", "ContainerVolume", SupportsShouldProcess = true)]
public sealed class DismountContainerVolumeCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [Alias("Volume", "Id")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>One of the places where it is shown; all of them without. What Mount-ContainerVolume returns can be piped here.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Lets those keep the files that still use them.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, "Dismount-ContainerVolume"))
        {
            var path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
            ForItem(Name, () => Services.DismountVolume.Execute(Name, path, Force, StopToken));
        }
    }
}
