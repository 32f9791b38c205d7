using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Volumes;

/// <summary>Writes all files of a volume as one tar file.</summary>
[Cmdlet(VerbsData.Export, "ContainerVolume", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerVolumeCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(VolumeNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(VolumeSize.Shown(this, Services, Name), $"Export-ContainerVolume {Path}"))
        {
            ForItem(Name, () => Export(GetUnresolvedProviderPathFromPSPath(Path)));
        }
    }

    private void Export(string path)
    {
        Services.ExportVolume.Execute(Name, path, Force, StopToken);
        if (PassThru)
        {
            WriteObject(new FileInfo(path));
        }
    }
}
