using System.Management.Automation;
using PsContainers.Cmdlets.Completion;

namespace PsContainers.Cmdlets.Containers;

/// <summary>Writes all files of a container as one tar file.</summary>
[Cmdlet(VerbsData.Export, "Container", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportContainerCommand : ContainersCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ContainerNameCompleter))]
    [Alias("Id")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Lets a running container go on meanwhile.</summary>
    [Parameter]
    public SwitchParameter NoPause { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    protected override void ProcessRecord()
    {
        if (ShouldProcess(Shown(Name, Services.WeighStorage.Container), $"Export-Container {Path}"))
        {
            ForItem(Name, () => Export(GetUnresolvedProviderPathFromPSPath(Path)));
        }
    }

    private void Export(string path)
    {
        Services.ExportContainer.Execute(Name, path, Force, !NoPause, StopToken);
        if (PassThru)
        {
            WriteObject(new FileInfo(path));
        }
    }
}
