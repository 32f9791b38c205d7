using System.Management.Automation;
using PsContainers.Cmdlets.Completion;
using PsContainers.Cmdlets.Parameters;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Makes a new volume with all the files of another one.</summary>
[Cmdlet(VerbsCommon.Copy, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class CopyContainerVolumeCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Another driver than the volume's own.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(VolumeDriverCompleter))]
    public string? Driver { get; set; }

    [Parameter]
    [KeyValues]
    [Alias("Options")]
    public IDictionary<string, string>? Option { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(VolumeSize.Shown(this, Services, Name), $"Copy-ContainerVolume {Destination}"))
        {
            ForItem(Name, () => WriteObject(Services.CopyVolume.Execute(Name, Destination, Driver, Option?.AsReadOnly(), StopToken)));
        }
    }
}
