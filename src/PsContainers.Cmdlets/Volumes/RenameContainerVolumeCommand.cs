using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Gives a volume another name; the containers that have it keep it.</summary>
[Cmdlet(VerbsCommon.Rename, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(ContainerVolume))]
public sealed class RenameContainerVolumeCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string NewName { get; set; } = "";

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Name, $"Rename-ContainerVolume {NewName}"))
        {
            ForItem(Name, Rename);
        }
    }

    private void Rename()
    {
        var renamed = Services.RenameVolume.Execute(Name, NewName);
        if (PassThru)
        {
            WriteObject(renamed);
        }
    }
}
