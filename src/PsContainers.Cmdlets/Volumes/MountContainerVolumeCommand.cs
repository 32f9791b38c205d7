using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Shows the files of volumes on the host.</summary>
[Cmdlet("Mount", "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolumeMount))]
public sealed class MountContainerVolumeCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [Alias("Volume", "Id")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>A directory that is there. Without one it is where the driver has the files.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, "Mount-ContainerVolume"))
        {
            var path = Path is null ? null : GetUnresolvedProviderPathFromPSPath(Path);
            ForItem(Name, () => WriteObject(Services.MountVolume.Execute(Name, path, StopToken)));
        }
    }
}
